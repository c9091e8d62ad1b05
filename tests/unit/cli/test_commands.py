import argparse
import io
import json
import os

import pytest

from otpbroker.cli.__main__ import main, tree
from otpbroker.cli.session import language_of


@pytest.fixture
def otpb(tmp_path, capsys):
    """The command line on a root prefix where nothing runs: (status, output, errors)."""

    def run(*arguments):
        status = main(["--root", str(tmp_path), *arguments])
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "id_ID.UTF-8", "OTPB_LANG": "en"}, "en"),
        ({"LANG": "en_GB.UTF-8", "OTPB_LANG": "id"}, "id"),
        ({"LANG": "idiom"}, "en"),
    ],
)
def test_language_follows_the_environment(environment, language):
    assert language_of(environment) == language


@pytest.mark.parametrize("arguments", [["--json", "settings", "get", "sms"], ["settings", "get", "sms", "--json"]])
def test_options_go_before_or_after_the_command(otpb, arguments):
    status, output, _ = otpb(*arguments)
    assert status == 0
    assert json.loads(output)["country_code"] == "62"


def test_settings_can_be_changed_while_nothing_runs(otpb, tmp_path):
    assert otpb("settings", "set", "sms", "country_code=44", "log_sms=false")[0] == 0
    output = otpb("settings", "get", "sms")[1]
    assert "country_code=44\n" in output
    assert "log_sms=false\n" in output
    assert otpb("--root", str(tmp_path / "other"), "settings", "get", "sms")[1] != output


def test_what_is_shown_can_be_imported_again(otpb, tmp_path):
    otpb("modem", "add", "Huawei E173", "sim_pin=1234", "recipient_prefix=0871,0872")
    file = tmp_path / "modems.json"
    file.write_text(otpb("settings", "get", "modems", "--json")[1])
    assert otpb("settings", "import", "modems", str(file))[0] == 0
    assert "sim_pin: '1234'" in (tmp_path / "etc/otpbroker/modems.yaml").read_text()


def test_a_wrong_value_is_refused_with_all_reasons_on_standard_error(otpb):
    status, output, errors = otpb("settings", "set", "sms", "routng=x", "lifetime_s=0")
    assert (status, output) == (1, "")
    assert "sms.routng: there is no such key; did you mean routing?" in errors
    assert "sms.lifetime_s" in errors


def test_commands_that_need_the_running_system_say_so(otpb):
    for arguments in (["messages"], ["block", "0812345678"], ["route", "0812345678"]):
        status, _, errors = otpb(*arguments)
        assert status == 1
        assert "not running" in errors


def test_a_modem_is_switched_to_the_internet(otpb):
    otpb("modem", "add", "a", "port=/dev/ttyUSB0")
    assert otpb("internet", "on", "a")[0] == 0
    assert "internet_access=true" in otpb("modem", "list", "--json")[1].replace('": ', "=").replace('"', "")
    assert otpb("internet", "on")[0] == 1


def test_a_table_is_aligned(otpb):
    otpb("modem", "add", "a", "port=/dev/ttyUSB0")
    otpb("modem", "add", "longer name", "port=/dev/ttyUSB10")
    head, *rows = otpb("modem", "list")[1].splitlines()
    assert {row.index("/dev/") for row in rows} == {head.index("PORT")}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["modem"],
        ["settings", "set", "sms"],
        ["settings", "set", "sms", "x"],
        ["ussd", "m0", "A"],
        ["block", "\udce9"],
    ],
)
def test_wrong_usage_ends_with_two(otpb, arguments):
    with pytest.raises(SystemExit) as ended:
        otpb(*arguments)
    assert ended.value.code == 2


def test_every_command_has_help_in_both_languages(monkeypatch, capsys):
    for language, word in (("en", "the settings"), ("id", "pengaturan")):
        monkeypatch.setenv("OTPB_LANG", language)
        with pytest.raises(SystemExit) as ended:
            main(["settings", "set", "--help"])
        assert ended.value.code == 0
        with pytest.raises(SystemExit):
            main(["--help"])
        output = capsys.readouterr().out
        assert word in output
        assert "cli." not in output


def parsers(parser):
    """It and all below it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from parsers(child)


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_help_speaks_one_language(language):
    everything = list(parsers(tree(language)))
    assert len(everything) > 40
    usage = {"en": "usage: otpb", "id": "pemakaian: otpb"}[language]
    options = {"en": "\noptions:", "id": "\nopsi:"}[language]
    for parser in everything:
        words = parser.format_help()
        assert words.startswith(usage)
        assert words.count(options) == 1
        assert "cli." not in words
        assert all(action.help for action in parser._actions if action.option_strings)


def test_audit_tells_who_did_what(otpb):
    otpb("settings", "set", "sms", "country_code=65")
    otpb("settings", "set", "general", "device_name=Front office")
    status, output, _ = otpb("audit")
    assert status == 0
    newest, older = output.splitlines()[1:]
    assert f"otpb ({os.getuid()})" in newest
    assert "device_name OTP Broker → Front office" in newest
    assert "country_code 62 → 65" in older
    assert [entry["number"] for entry in json.loads(otpb("audit", "--json", "--limit", "1")[1])["entries"]] == [2]
    assert otpb("audit", "--by", "budi")[1].splitlines()[1:] == []


def test_a_restore_tells_what_is_wrong_with_the_file(otpb, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"kuda laut biru 7\n" * 2)))
    assert otpb("restore", str(tmp_path / "none.json"))[0] == 1
    status, _, errors = otpb("backup", str(tmp_path / "backup.json"))
    assert (status, "not running" in errors, (tmp_path / "backup.json").exists()) == (1, True, False)


def test_administrators_are_listed_changed_and_removed_to_the_last(otpb, monkeypatch):
    def given(password):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(password.encode())))

    given("short")
    status, _, errors = otpb("admin", "add", "budi")
    assert (status, "at least 10" in errors) == (1, True)
    given("long enough 1")
    assert otpb("admin", "add", "budi", "phone=0812")[0] == 0
    assert otpb("admin", "set", "budi", "password=visible to all")[0] == 1
    assert otpb("admin", "set", "budi", "name=Budi")[0] == 0
    assert "Budi" in otpb("admin", "list")[1]
    assert otpb("admin", "list", "--json")[1].count("********") == 1
    assert otpb("admin", "remove", "budi")[0] == 0
    assert json.loads(otpb("admin", "list", "--json")[1])["admins"] == []


def test_reset_says_what_it_would_do_and_does_it_when_told_so(otpb, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"long enough 1")))
    otpb("admin", "add", "budi")
    otpb("settings", "set", "wlan", "ssid=Kantor")
    otpb("modem", "add", "a", "port=/dev/ttyUSB0")
    status, output, errors = otpb("reset")
    assert (status, "wlan" in output, "--yes" in errors) == (2, True, True)
    assert (tmp_path / "etc/otpbroker/admins.yaml").exists()
    assert otpb("reset", "--yes")[0] == 0
    left = {path.stem for path in (tmp_path / "etc/otpbroker").glob("*.yaml")}
    assert left == {"modems"}
    assert json.loads(otpb("reset", "--yes", "--json")[1])["administrators"] == 0
    assert "Reset the device" in otpb("audit")[1]


def test_setup_needs_to_be_told_what(otpb):
    with pytest.raises(SystemExit) as caught:
        otpb("setup")
    assert caught.value.code == 2


def test_setup_says_what_is_missing(otpb):
    status, _, errors = otpb("setup", "--take-over-network")
    assert status == 1
    assert "apt install" in errors
    assert "dnsmasq-base hostapd nftables" in errors
