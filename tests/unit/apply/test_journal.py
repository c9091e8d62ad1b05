"""A process that is killed in the middle of a change."""

import contextlib
import json
import stat

import pytest

from fakes.disk import read_only
from fakes.units import starts_where_any_exists
from otpbroker.apply.transaction import Settings
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.services.apply.__main__ import Apply
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import ServiceWord, SetSection
from otpbroker.verbs.backup import Backup, Restore

PASSPHRASE = Secret("kuda laut biru 7")


class Killed(BaseException):
    pass


class Manager:
    def __init__(self):
        self.asked = []
        self.kills = False

    def reload(self, services):
        self.asked.append(list(services))
        if self.kills:
            raise Killed
        return [ServiceWord(service=service, state="reloaded") for service in services]


class DyingStore(Store):
    """Writes `most` files and no more."""

    most = 1

    def write(self, name, content):
        if not self.most:
            raise Killed
        self.most -= 1
        super().write(name, content)


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path)


def name_it(name):
    return SetSection(section="general", values={"device_name": Secret(name)}, by="budi")


def die_over(paths, verb, store=None):
    manager = Manager()
    manager.kills = store is None
    settings = Settings(paths, manager)
    if store is not None:
        settings._putting._store = store
    with contextlib.suppress(Killed):
        settings.call(verb)
        raise AssertionError("it was not killed")


def device_name(paths):
    return Store(paths).load(GeneralSection).device_name


def test_a_change_that_no_service_was_told_of_is_taken_back_and_they_are_told(paths):
    Settings(paths, Manager()).call(name_it("Satu"))
    die_over(paths, name_it("Dua"))
    assert device_name(paths) == "Dua"
    manager = Manager()
    later = Settings(paths, manager)
    later.recover()
    assert (device_name(paths), len(manager.asked), "admin" in manager.asked[0]) == ("Satu", 1, True)
    later.recover()
    assert len(manager.asked) == 1


def test_a_restore_that_was_cut_between_two_files_leaves_all_as_it_was(paths, tmp_path):
    other = Settings(Paths(tmp_path / "other"), Manager())
    other.call(name_it("Lain"))
    other.call(SetSection(section="sms", values={"country_code": Secret("60")}))
    file = other.call(Backup(passphrase=PASSPHRASE, by="")).file
    Settings(paths, Manager()).call(name_it("Satu"))
    die_over(paths, Restore(file=file, passphrase=PASSPHRASE, by="budi"), DyingStore(paths))
    Settings(paths, Manager()).call(SetSection(section="limits", values={"per_number_hour": Secret("4")}))
    assert (device_name(paths), Store(paths).load(SmsSection).country_code) == ("Satu", "62")


def test_the_next_life_takes_it_back_by_itself(paths):
    die_over(paths, name_it("Dua"))
    apply = Apply(paths)
    apply.stop()
    assert device_name(paths) == "OTP Broker"


def test_at_power_on_it_is_taken_back_before_the_page_shows(paths):
    Settings(paths, Manager()).call(name_it("Satu"))
    assert not starts_where_any_exists("otpb-rollback.service", paths.root)
    die_over(paths, name_it("Dua"))
    assert starts_where_any_exists("otpb-rollback.service", paths.root)


def test_what_stood_before_is_nobody_elses_to_read(paths):
    die_over(paths, name_it("Dua"))
    journal = paths.settings / ".change"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert list(json.loads(journal.read_bytes())["files"]) == ["general"]


def test_a_disk_that_refuses_is_told_of(paths):
    die_over(paths, name_it("Dua"))
    settings = Settings(paths, Manager())
    with read_only(paths.settings), pytest.raises(BrokerError) as refused:
        settings.recover()
    assert refused.value.key == "settings.not_saved"
    settings.call(name_it("Tiga"))
    assert device_name(paths) == "Tiga"
    assert not (paths.settings / ".change").exists()
