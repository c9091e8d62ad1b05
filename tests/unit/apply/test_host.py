"""The device brought to its settings, with a systemctl that keeps which units run."""

import pytest

from otpbroker.apply import host
from otpbroker.apply.host import DeviceHost
from otpbroker.config.passwords import hash_password
from otpbroker.config.sections.admins import Admin, AdminsSection
from otpbroker.config.sections.ddns import DdnsRecord, DdnsSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.store import Store, render
from otpbroker.secrets import Secret
from otpbroker.system.command import Outcome
from otpbroker.system.files import Paths

SCHEDULE = "otpb-restart@device.timer"


class Systemd:
    def __init__(self):
        self.running = {"otpb-edge.service"}
        self.renewed = []
        self.refuses = set()
        self.calls = 0

    def run(self, argv, *, timeout_s):
        assert argv[0] == "systemctl"
        assert timeout_s > 0
        verb, *units = [each for each in argv[1:] if not each.startswith("--")]
        self.calls += 1
        match verb:
            case "start":
                self.running |= {*units}
            case "stop":
                self.running -= {*units}
            case "try-reload-or-restart" if self.running & {*units}:
                self.renewed += units
                if self.refuses & {*units}:
                    return Outcome(1, "", f"Job for {units[0]} failed.\n")
            case "show":
                return Outcome(0, "its own word\n", "")
        return Outcome(0, "", "")


@pytest.fixture
def systemd(monkeypatch):
    made = Systemd()
    monkeypatch.setattr(host.command, "run", made.run)
    monkeypatch.setattr(host.identity, "tell", lambda _etc, _general: None)
    return made


@pytest.fixture
def store(tmp_path):
    return Store(Paths(tmp_path))


def converge(tmp_path, **how):
    return DeviceHost(Paths(tmp_path), **how).converge()


def wants(store, *, schedule, record):
    admin = Admin(username="budi", password_hash=hash_password(Secret("eleven gray herons")))
    store.write("admins", render(AdminsSection(admins=(admin,))))
    store.write("general", render(GeneralSection(restart_device=schedule)))
    records = (DdnsRecord(name="a", provider="noip", record_name="otp.ddns.net", active=record),)
    store.write("ddns", render(DdnsSection(ddns=records)))


def test_what_the_settings_want_runs_and_nothing_else(tmp_path, systemd, store):
    systemd.running.add("otpb-feeder@amqp.service")
    wants(store, schedule="04:45", record=True)
    assert converge(tmp_path) == []
    assert {"otpb-edge.service", "otpb-ddns.service", SCHEDULE} <= systemd.running
    assert "otpb-feeder@amqp.service" not in systemd.running
    assert "04:45:00" in (tmp_path / "run/systemd/system" / SCHEDULE).read_text()
    wants(store, schedule="", record=False)
    converge(tmp_path)
    assert not {"otpb-ddns.service", SCHEDULE} & systemd.running


def test_only_what_has_another_file_is_told(tmp_path, systemd):
    converge(tmp_path)
    assert "otpb-edge.service" in systemd.renewed
    told = list(systemd.renewed)
    before = systemd.calls
    converge(tmp_path)
    assert systemd.renewed == told
    assert systemd.calls - before <= 2  # all units by one call each way


def test_a_refusal_is_the_units_own_word(tmp_path, systemd):
    systemd.refuses = {"otpb-edge.service"}
    (word,) = converge(tmp_path)
    assert (word.service, word.state, word.text) == ("edge", "refused", "its own word")


def test_at_boot_nobody_is_told_and_what_is_wanted_is_started(tmp_path, systemd, store):
    wants(store, schedule="", record=True)
    assert converge(tmp_path, running=False) == []
    assert systemd.renewed == []
    assert "otpb-ddns.service" in systemd.running
    assert (tmp_path / "run/otpbroker/nginx.conf").stat().st_size > 0
