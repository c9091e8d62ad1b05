import pytest

from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.config.store import Store
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import SetSection
from otpbroker.verbs.backup import Backup, Restore

PASSPHRASE = Secret("kuda laut biru 7")


@pytest.fixture
def settings(tmp_path):
    return Settings(Paths(tmp_path), NobodyRuns())


def change(section, **given):
    return SetSection(section=section, values={name: Secret(value) for name, value in given.items()})


def test_a_section_is_refused_for_what_another_holds(settings):
    done = settings.call(change("ethernet", mode="static", address="192.168.0.5"))
    assert [(problem.path, problem.key) for problem in done.problems] == [("ethernet.address", "settings.same_network")]
    assert settings.call(change("wlan", address="10.9.0.1")).changed
    assert settings.call(change("ethernet", mode="static", address="192.168.0.5")).changed
    back = settings.call(change("wlan", address="192.168.0.11"))
    assert [(problem.path, problem.key) for problem in back.problems] == [("wlan.address", "settings.same_network")]


def test_hints_are_of_the_section_that_changes(settings):
    settings.call(change("dhcp", ranges="10.9.0.1-10.9.0.9"))
    done = settings.call(change("ethernet", mode="static", address="192.168.1.5"))
    assert [hint.path for hint in done.hints] == ["ethernet.gateway"]
    again = settings.call(change("dhcp", domain_name="kantor.example"))
    assert "settings.hint_ranges_elsewhere" in [hint.key for hint in again.hints]


def test_whoever_moves_the_access_point_is_told_what_no_longer_fits(settings):
    done = settings.call(change("wlan", address="10.9.0.1"))
    assert [(hint.path, hint.key) for hint in done.hints] == [("dhcp.ranges", "settings.hint_ranges_elsewhere")]


def test_other_sections_are_not_held_up_by_it(settings, tmp_path):
    folder = Store(Paths(tmp_path)).folder
    folder.mkdir(parents=True)
    (folder / "ethernet.yaml").write_text("version: 1\nmode: static\naddress: 192.168.0.5\n")
    assert settings.call(change("sms", routing="tariff")).changed


def test_a_restore_is_held_to_it_too(settings, tmp_path):
    store = Store(Paths(tmp_path))
    settings.call(change("api", http_port="8890"))
    (store.folder / "api.yaml").write_text("version: 1\nhttp_port: 8888\n")
    clash = settings.call(Backup(passphrase=PASSPHRASE)).file
    store.write("api", None)
    restored = settings.call(Restore(file=clash, passphrase=PASSPHRASE))
    assert (restored.changed, [problem.key for problem in restored.problems]) == (False, ["settings.panels_port"])
