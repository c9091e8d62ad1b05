"""All settings out of one device and into another."""

import pytest

from otpbroker.apply import backup
from otpbroker.apply.transaction import Settings
from otpbroker.config import passwords
from otpbroker.config.registry import SECTIONS
from otpbroker.config.sections.api import ApiUsersSection
from otpbroker.config.sections.mail import EmailSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import AddEntry, FirstAdmin, ServiceWord, SetEntry, SetSection
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.backup import Backup, EntryChange, Listed, Restore

PASSPHRASE = Secret("kuda laut biru 7")
LISTED = Listed(blocked=["6281234567890"])


class Manager:
    def __init__(self):
        self.refusing = ""
        self.asked = []

    def reload(self, services):
        self.asked.append(list(services))
        state = {service: "refused" if service == self.refusing else "reloaded" for service in services}
        self.refusing = ""
        return [ServiceWord(service=service, state=word, text="no") for service, word in state.items()]


class Device:
    def __init__(self, folder):
        self.manager = Manager()
        self.settings = Settings(Paths(folder), self.manager)
        self.store = Store(Paths(folder))

    def call(self, verb):
        return self.settings.call(verb)

    def all(self):
        return {name: self.store.load(info.kind) for name, info in SECTIONS.items()}

    def files(self):
        return {path.name: path.read_bytes() for path in self.store.folder.glob("*.yaml")}


def secrets(**values):
    return {name: Secret(value) for name, value in values.items()}


@pytest.fixture(autouse=True)
def _fast(monkeypatch):
    monkeypatch.setattr(backup, "_N", 2)
    monkeypatch.setattr(passwords, "hash_password", lambda _: Secret(f"scrypt$32768$8$1${'a' * 32}${'b' * 64}"))


@pytest.fixture
def old(tmp_path):
    device = Device(tmp_path / "old")
    device.call(FirstAdmin(username="budi", values=secrets(password="rahasia-sekali-1")))
    device.call(SetSection(section="sms", values=secrets(country_code="60", routing="tariff")))
    modem = secrets(port="/dev/ttyUSB0", imei="356789012345678", sim_pin="1234", recipient_prefix="0123")
    device.call(AddEntry(section="modems", key="Huawei E173", values=modem))
    device.call(AddEntry(section="api_users", key="toko", values=secrets(password="delapan8huruf")))
    mail = secrets(host="smtp.example.com", sender="a@example.com", password="canary-surat")
    device.call(AddEntry(section="email", key="kantor", values=mail))
    return device


@pytest.fixture
def file(old):
    return old.call(Backup(passphrase=PASSPHRASE, block_list=LISTED)).file


@pytest.fixture
def new(tmp_path):
    return Device(tmp_path / "new")


def restore(file, **more):
    return Restore(file=file, passphrase=PASSPHRASE, **more)


def test_another_device_becomes_what_the_first_was(old, new, file):
    told = new.call(restore(file, keep_admins=False))
    assert (told.changed, told.problems, told.block_list, told.device) == (True, [], LISTED, "OTP Broker")
    assert new.all() == old.all()
    assert new.store.load(ModemsSection).modems[0].recipient_prefix == ("60123",)
    assert new.store.load(EmailSection).email[0].password == Secret("canary-surat")


def test_again_there_is_nothing_to_change(old, file):
    old.manager.asked.clear()
    told = old.call(restore(file, keep_admins=False))
    assert (told.changed, told.sections, old.manager.asked) == (False, [], [])


def test_the_present_administrators_stay_unless_told_otherwise(new, file):
    new.call(FirstAdmin(username="siti", values=secrets(password="rahasia-sekali-2")))
    told = new.call(restore(file))
    assert "admins" not in [change.section for change in told.sections]
    assert [admin.username for admin in new.all()["admins"].admins] == ["siti"]


def test_a_look_first_names_what_would_change_and_no_value(new, file):
    new.call(AddEntry(section="api_users", key="toko", values=secrets(name="Toko", password="delapan8huruf")))
    new.call(AddEntry(section="api_users", key="lama", values=secrets(password="delapan8huruf")))
    before = new.files()
    told = new.call(restore(file, check_only=True))
    assert (told.changed, new.files()) == (False, before)
    changes = {change.section: change for change in told.sections}
    assert changes.keys() == {"sms", "modems", "api_users", "email"}
    assert changes["sms"].fields == ["country_code", "routing"]
    assert changes["modems"].added == ["Huawei E173"]
    assert changes["api_users"].changed == [EntryChange(name="toko", fields=["name"])]
    assert changes["api_users"].removed == ["lama"]
    assert "canary-surat" not in repr(told)


def test_where_a_service_refuses_all_sections_are_as_they_were(new, file):
    new.call(SetSection(section="sms", values=secrets(deadline_s="5")))
    before = new.files()
    new.manager.refusing = "mail"
    told = new.call(restore(file))
    assert (told.changed, [problem.path for problem in told.problems]) == (False, ["email"])
    assert new.files() == before
    assert new.manager.asked[-1] == new.manager.asked[-2]


def test_where_the_disk_refuses_half_way_all_sections_are_as_they_were(new, file, monkeypatch):
    new.call(SetSection(section="sms", values=secrets(deadline_s="5")))
    before, write = new.files(), Store.write

    def full(self, name, content):
        if name == "modems" and content is not None:
            raise BrokerError("1102", "settings.not_saved", section=name, reason="No space left on device")
        write(self, name, content)

    monkeypatch.setattr(Store, "write", full)
    with pytest.raises(BrokerError):
        new.call(restore(file))
    assert new.files() == before


def forged(old, **sections):
    """A file of ours whose content no device of ours has written."""
    content = backup.opened(old.call(Backup(passphrase=PASSPHRASE)).file, PASSPHRASE)
    changed = backup.Content(made_at=0, device="d", settings=content.settings | sections)
    return backup.seal(changed, PASSPHRASE)


def test_one_wrong_section_keeps_all_others_out_and_every_problem_is_told(old, new):
    file = forged(old, limits={"version": 1, "per_number_hour": -1}, otp={"version": 1, "length": 99}, later={})
    told = new.call(restore(file))
    assert {problem.path for problem in told.problems} == {"limits.per_number_hour", "otp.length", "later"}
    assert (told.changed, new.files()) == (False, {})


def test_administrators_that_could_not_sign_in_are_not_restored(old, new):
    old.call(SetEntry(section="admins", key="budi", values=secrets(blocked="true")))
    file = old.call(Backup(passphrase=PASSPHRASE)).file
    told = new.call(restore(file, keep_admins=False))
    assert [problem.key for problem in told.problems] == ["backup.nobody_left"]
    assert not new.files()


def test_a_section_of_an_older_backup_that_is_missing_stays(old, new):
    new.call(SetSection(section="limits", values=secrets(per_number_day="3")))
    content = backup.opened(old.call(Backup(passphrase=PASSPHRASE)).file, PASSPHRASE)
    sections = {name: section for name, section in content.settings.items() if name != "limits"}
    new.call(restore(backup.seal(backup.Content(made_at=0, device="d", settings=sections), PASSPHRASE)))
    assert new.all()["limits"].per_number_day == 3
    assert new.store.load(SmsSection).country_code == "60"


def test_a_stored_section_that_cannot_be_read_is_cured(new, file):
    new.store.write("api_users", b"api_users: nonsense\n")
    told = new.call(restore(file))
    assert (told.problems, [user.username for user in new.store.load(ApiUsersSection).api_users]) == ([], ["toko"])


def test_backup_and_restore_are_in_the_audit_trail_without_a_secret(old, new, file):
    told = old.call(AuditTrail()).entries[0]
    assert (told.action, told.by) == ("audit.backup_made", "")
    new.call(restore(file, by="siti", keep_admins=False))
    entries = new.call(AuditTrail()).entries
    assert {entry.by for entry in entries} == {"siti"}
    assert entries[-1].action == "audit.restored"
    assert {entry.section for entry in entries[:-1]} == {"sms", "modems", "api_users", "email", "admins"}
    assert "canary-surat" not in repr(entries)
