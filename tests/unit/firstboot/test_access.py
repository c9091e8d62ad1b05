import pytest
from msgspec.structs import replace

from fakes.cuts import PowerCutError, count, power_for
from fakes.disk import read_only
from fakes.first_boot import Fresh
from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.config import setup_code
from otpbroker.firstboot import access, made
from otpbroker.firstboot.places import COMES_UP_S
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import FirstAdmin, RemoveEntry, SetSection


@pytest.fixture
def fresh(tmp_path):
    fresh = Fresh(tmp_path)
    fresh.start()
    return fresh


def make_admin(fresh):
    values = {"password": Secret("long enough 1")}
    assert Settings(fresh.paths, NobodyRuns()).call(FirstAdmin(username="siti", values=values)).changed


def remove_admin(fresh):
    Settings(fresh.paths, NobodyRuns()).call(RemoveEntry(section="admins", key="siti"))


def shown(fresh):
    """What the card and the console show."""
    console = fresh.places.console
    return fresh.files.get(access.NAME, ""), console.read_text() if console.exists() else ""


def test_the_way_in_is_shown_until_there_is_an_administrator(fresh):
    assert fresh.show()
    passphrase = fresh.wlan.passphrase.reveal()
    for text in shown(fresh):
        for part in (fresh.wlan.ssid, passphrase, "http://192.168.0.11:8888/", "administrator yet", "belum memiliki"):
            assert part in text
    assert "\r\n" in (fresh.boot / access.NAME).read_bytes().decode()
    assert not fresh.show()
    make_admin(fresh)
    with (fresh.boot / access.NAME).open("rb") as still_open:
        assert fresh.show()
        assert not still_open.read().strip(b"\0")
    assert shown(fresh) == ("", "")
    assert not fresh.show()


def test_it_is_shown_again_after_a_reset(fresh):
    make_admin(fresh)
    fresh.show()
    remove_admin(fresh)
    assert fresh.show()
    assert fresh.wlan.ssid in shown(fresh)[0]


def test_what_has_changed_is_shown(fresh):
    fresh.show()
    values = {"passphrase": Secret("kopi \\4 susu"), "address": Secret("10.0.0.1")}
    Settings(fresh.paths, NobodyRuns()).call(SetSection(section="wlan", values=values))
    Settings(fresh.paths, NobodyRuns()).call(SetSection(section="panel", values={"port": Secret("8080")}))
    assert fresh.show()
    card, console = shown(fresh)
    assert "kopi \\4 susu" in card
    assert "kopi \\\\4 susu" in console  # as agetty prints it
    assert "http://10.0.0.1:8080/" in card


def test_a_board_without_a_radio_has_a_set_up_code_instead(tmp_path):
    fresh = Fresh(tmp_path, radio=False)
    fresh.start()
    fresh.show()
    code = setup_code.path(fresh.paths).read_text().strip()
    assert made.is_code(code)
    assert setup_code.path(fresh.paths).stat().st_mode & 0o777 == 0o600
    card, console = shown(fresh)
    for text in (card, console):
        assert code in text
        assert fresh.wlan.passphrase.reveal() not in text
    assert "http://otpbroker.local:8888/" in card
    assert "http://\\4:8888/" in console
    assert not fresh.show()
    make_admin(fresh)
    fresh.show()
    assert shown(fresh) == ("", "")
    assert not setup_code.path(fresh.paths).exists()


def test_a_radio_that_comes_late_takes_the_code_away(tmp_path):
    fresh = Fresh(tmp_path, radio=False)
    fresh.start()
    fresh.show()
    fresh.radio.mkdir(parents=True)
    assert fresh.show()
    assert not setup_code.path(fresh.paths).exists()
    assert fresh.wlan.passphrase.reveal() in shown(fresh)[0]


def test_a_radio_that_gives_no_access_point_is_none(fresh):
    fresh.show()
    assert not setup_code.is_asked(fresh.paths)
    fresh.places = replace(fresh.places, up_s=COMES_UP_S)
    assert fresh.show()
    assert setup_code.is_asked(fresh.paths)
    (fresh.paths.run / "otpb-hostapd").mkdir()
    (fresh.paths.run / "otpb-hostapd/pid").write_text("1\n")
    assert fresh.show()
    assert fresh.wlan.passphrase.reveal() in shown(fresh)[0]
    assert not setup_code.is_asked(fresh.paths)


def test_a_code_that_is_none_is_made_anew(tmp_path):
    fresh = Fresh(tmp_path, radio=False)
    fresh.start()
    setup_code.path(fresh.paths).write_text("\0\0\0")
    fresh.show()
    assert made.is_code(setup_code.path(fresh.paths).read_text().strip())


def test_where_the_network_is_not_ours_nothing_is_shown(fresh):
    (fresh.paths.state / "network-taken").unlink()
    fresh.radio.rmdir()
    fresh.show()
    assert shown(fresh) == ("", "")
    assert not setup_code.path(fresh.paths).exists()


def test_where_nobody_knows_who_administers_nothing_is_shown(fresh):
    fresh.show()
    fresh.store.write("admins", b"admins: [\n")
    fresh.show()
    assert shown(fresh) == ("", "")


def test_a_card_that_cannot_be_written_leaves_the_console(fresh):
    with read_only(fresh.boot):
        assert fresh.show()
    assert fresh.wlan.passphrase.reveal() in shown(fresh)[1]


@pytest.mark.parametrize("hiding", [False, True])
def test_a_power_cut_at_any_step_is_made_good_at_the_next_boot(tmp_path, hiding):
    def device(name):
        fresh = Fresh(tmp_path / name)
        fresh.start()
        if hiding:
            fresh.show()
            make_admin(fresh)
        return fresh

    total = count(device("measured").show)
    assert total > 5
    for steps in range(total):
        fresh = device(str(steps))
        with power_for(steps), pytest.raises(PowerCutError):
            fresh.show()
        fresh.places.console.unlink(missing_ok=True)  # it is in memory
        fresh.show()
        assert all((fresh.wlan.passphrase.reveal() in text) is not hiding for text in shown(fresh)), steps
