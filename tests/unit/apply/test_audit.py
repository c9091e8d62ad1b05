import json
import threading

import pytest

from fakes import disk
from otpbroker.apply import audit
from otpbroker.apply.transaction import Settings
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import (
    AddEntry,
    FirstAdmin,
    ImportSection,
    RemoveEntry,
    ServiceWord,
    SetEntry,
    SetSection,
)
from otpbroker.verbs.audit import NOBODY, AuditTrail, Record

PASSWORD = "canary-password-1"


class Manager:
    def __init__(self):
        self.state = "reloaded"

    def reload(self, services):
        return [ServiceWord(service=service, state=self.state) for service in services]


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path)


@pytest.fixture
def manager():
    return Manager()


@pytest.fixture
def settings(paths, manager):
    return Settings(paths, manager)


@pytest.fixture
def file(paths):
    return paths.state / "apply/audit.jsonl"


def values(**given):
    return {name: Secret(value) for name, value in given.items()}


def trail(settings, **wanted):
    return settings.call(AuditTrail(**wanted)).entries


def told(entry):
    return entry.by, entry.action, entry.section, entry.subject


def changes(entry):
    return {each.field: (each.old, each.new) for each in entry.changes}


def test_every_change_is_written_down_with_what_it_changed(settings):
    settings.call(SetSection(section="sms", values=values(country_code="65", routing="tariff"), by="budi"))
    settings.call(AddEntry(section="api_users", key="shop", values=values(password=PASSWORD, name="Shop"), by="budi"))
    settings.call(SetEntry(section="api_users", key="shop", values=values(name="Toko", email="a@b.id"), by="siti"))
    settings.call(SetEntry(section="api_users", key="shop", values=values(blocked="true"), by="siti"))
    settings.call(RemoveEntry(section="api_users", key="shop"))
    settings.call(FirstAdmin(username="budi", values=values(password=PASSWORD), by="budi"))
    first, removed, blocked, changed, added, section = trail(settings)
    assert told(section) == ("budi", "audit.changed", "sms", "")
    assert changes(section) == {"country_code": ("62", "65"), "routing": ("prefix", "tariff")}
    assert told(added) == ("budi", "audit.added", "api_users", "shop")
    assert changes(added) == {"password": ("", ""), "name": ("", "Shop")}
    assert told(changed) == ("siti", "audit.changed_entry", "api_users", "shop")
    assert changes(changed) == {"name": ("Shop", "Toko"), "email": ("", "a@b.id")}
    assert told(blocked) == ("siti", "audit.blocked", "api_users", "shop")
    assert told(removed) == ("", "audit.removed", "api_users", "shop")
    assert removed.uid is not None
    assert blocked.uid is None
    assert told(first) == ("budi", "audit.first_admin", "admins", "budi")
    assert [entry.number for entry in trail(settings)] == [6, 5, 4, 3, 2, 1]


def test_no_secret_and_no_whole_number_reaches_the_disk(settings, file):
    users = [{"username": name, "password": PASSWORD, "phone": "081234567666"} for name in ("a", "b")]
    settings.call(ImportSection(section="api_users", document=Secret(json.dumps(users)), by="budi"))
    settings.call(SetEntry(section="api_users", key="a", values=values(password="canary-password-2"), by="budi"))
    hook = values(url="https://hooks.example.com/canary-path?token=canary-token")
    settings.call(AddEntry(section="webhooks", key="crm", values=hook, by="budi"))
    modem = values(port="/dev/ttyUSB0", sim_pin="4711", apn_password="canary-apn", msisdn="6281234567666")
    settings.call(AddEntry(section="modems", key="m0", values=modem, by="budi"))
    written = file.read_text()
    for secret in ("canary", "4711", "scrypt", "1234567666"):
        assert secret not in written
    modem, hook, password, imported = trail(settings)
    assert changes(hook)["url"] == ("", "https://hooks.example.com")
    assert {each.field: each.secret for each in modem.changes}["sim_pin"] is True
    assert changes(modem)["msisdn"] == ("", "62812****666")
    assert [(each.field, each.secret) for each in password.changes] == [("password", True)]
    assert (imported.action, imported.added) == ("audit.imported", ["a", "b"])


def test_what_changes_nothing_is_not_written_down(settings, manager, file):
    settings.call(SetSection(section="sms", values=values(country_code="62")))
    settings.call(SetSection(section="sms", values=values(country_code="65"), check_only=True))
    settings.call(SetSection(section="sms", values=values(country_code="+1")))
    manager.state = "refused"
    settings.call(SetSection(section="sms", values=values(country_code="65")))
    assert not file.exists()


def test_long_values_are_cut_and_many_changes_counted(settings):
    settings.call(SetSection(section="general", values=values(device_name="x" * 64), by="budi"))
    assert len(trail(settings)[0].changes[0].new) == 60
    users = [{"username": f"user{at}", "name": "x"} for at in range(50)]
    settings.call(ImportSection(section="api_users", document=Secret(json.dumps(users)), by="budi"))
    entry = trail(settings)[0]
    assert (len(entry.added), len(entry.changes), entry.more) == (20, 20, 60)


def test_what_is_no_setting_is_recorded_too(settings):
    assert settings.call(Record(by="budi", action="audit.sms_sent", subject="62812****666")).kept
    settings.call(Record(by=NOBODY, action="audit.sign_in_failed", subject="10.0.0.7", params={"count": 3}))
    failed, sent = trail(settings)
    assert told(sent) == ("budi", "audit.sms_sent", "", "62812****666")
    assert (failed.by, failed.params) == (NOBODY, {"count": 3})


def test_the_trail_is_read_in_pages_and_of_one_person(settings):
    for at in range(12):
        settings.call(Record(by="budi" if at % 3 else "siti", action="audit.sms_sent", subject=str(at)))
    page = settings.call(AuditTrail(limit=5))
    assert ([entry.subject for entry in page.entries], page.older) == (["11", "10", "9", "8", "7"], True)
    rest = settings.call(AuditTrail(before=page.entries[-1].number, limit=7))
    assert ([entry.subject for entry in rest.entries], rest.older) == (list("6543210"), False)
    assert [entry.subject for entry in trail(settings, by="siti")] == ["9", "6", "3", "0"]


def test_it_is_bounded_and_counts_on(settings, file, monkeypatch):
    monkeypatch.setattr(audit, "MAX_OCTETS", 2000)
    for at in range(100):
        settings.call(Record(by="budi", action="audit.sms_sent", subject=str(at)))
    octets = sum(path.stat().st_size for path in file.parent.glob("audit*.jsonl"))
    assert octets < 5000
    kept = trail(settings)
    assert [entry.number for entry in kept] == list(range(100, 100 - len(kept), -1))
    assert 15 < len(kept) < 100
    assert {path.stat().st_mode & 0o777 for path in file.parent.glob("audit*.jsonl")} == {0o640}


def test_a_full_disk_stops_no_change_and_is_told_later(settings, file, caplog):
    settings.call(Record(by="budi", action="audit.sms_sent", subject="before"))
    whole = file.read_bytes()
    with disk.full():
        assert not settings.call(Record(by="budi", action="audit.sms_sent", subject="lost")).kept
        assert settings.call(AuditTrail()).lost == 1
    assert file.read_bytes() == whole
    assert "audit trail is incomplete" in caplog.text
    settings.call(Record(by="budi", action="audit.sms_sent", subject="after"))
    after, gap, _before = trail(settings)
    assert (after.subject, gap.action, gap.params) == ("after", "audit.gap", {"count": 1})
    assert settings.call(AuditTrail()).lost == 0


def test_a_change_is_made_where_the_trail_cannot_be_written(settings, file):
    file.mkdir(parents=True)
    assert settings.call(SetSection(section="sms", values=values(country_code="65"))).changed


def test_a_line_that_a_power_cut_tore_is_left_out(settings, file):
    settings.call(Record(by="budi", action="audit.sms_sent", subject="1"))
    with file.open("ab") as stream:
        stream.write(b'{"number":2,"at":17')
    settings.call(Record(by="budi", action="audit.sms_sent", subject="2"))
    assert [(entry.number, entry.subject) for entry in trail(settings)] == [(2, "2"), (1, "1")]


def test_many_writers_lose_nothing(paths, manager):
    def write(name):
        settings = Settings(paths, manager)
        for _ in range(20):
            settings.call(Record(by=name, action="audit.signed_out"))

    threads = [threading.Thread(target=write, args=(f"a{at}",)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = trail(Settings(paths, manager), limit=100)
    assert [entry.number for entry in found] == list(range(80, 0, -1))
