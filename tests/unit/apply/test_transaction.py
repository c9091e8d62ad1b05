import subprocess
import sys
import textwrap
import threading

import pytest

from otpbroker.apply.transaction import Settings
from otpbroker.config import passwords
from otpbroker.config.sections.admins import AdminsSection
from otpbroker.config.sections.api import ApiUsersSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import MAX_OCTETS, Store
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import (
    AddEntry,
    GetSection,
    ImportSection,
    ListSections,
    RemoveEntry,
    SectionSchema,
    ServiceWord,
    SetEntry,
    SetSection,
)


class Manager:
    """Services that take every setting, except those told to refuse; each remembers what it last read."""

    def __init__(self, store):
        self.store = store
        self.refuse = ""
        self.country_code = "62"

    def reload(self, services):
        if self.refuse:
            refused, self.refuse = self.refuse, ""
            return [ServiceWord(service=services[0], state="refused", text=refused)]
        self.country_code = self.store.load(SmsSection).country_code
        return [ServiceWord(service=service, state="reloaded") for service in services]


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path)


@pytest.fixture
def store(paths):
    return Store(paths)


@pytest.fixture
def manager(store):
    return Manager(store)


@pytest.fixture
def settings(paths, manager):
    return Settings(paths, manager)


def values(**given):
    return {name: Secret(value) for name, value in given.items()}


def test_a_change_is_written_and_the_services_concerned_have_it(settings, store, manager):
    done = settings.call(SetSection(section="sms", values=values(country_code="+1")))
    assert done.problems[0].path == "sms.country_code"
    done = settings.call(SetSection(section="sms", values=values(country_code="44", routing="tariff")))
    assert (done.changed, [word.service for word in done.services]) == (
        True,
        ["dispatch", "api", "admin", "feeder-amqp", "feeder-websocket"],
    )
    assert store.load(SmsSection).routing == "tariff"
    assert manager.country_code == "44"


def test_one_wrong_value_changes_nothing_and_all_are_named(settings, store):
    done = settings.call(SetSection(section="sms", values=values(country_code="44", routing="x", lifetme_s="3")))
    assert not done.changed
    assert {problem.path for problem in done.problems} == {"sms.routing", "sms.lifetme_s"}
    assert store.is_factory("sms")


def test_a_refusing_service_takes_the_change_back(settings, store, manager):
    settings.call(SetSection(section="sms", values=values(country_code="44")))
    manager.refuse = "no"
    done = settings.call(SetSection(section="sms", values=values(country_code="49")))
    assert not done.changed
    assert done.problems[0].params == {"service": "dispatch", "reason": "no"}
    assert store.load(SmsSection).country_code == "44"
    assert manager.country_code == "44"


def test_modems_are_added_changed_and_removed(settings, store):
    added = settings.call(AddEntry(section="modems", key="Huawei E173 #1", values=values(port="/dev/ttyUSB0")))
    assert added.changed
    settings.call(AddEntry(section="modems", key="Huawei E173 #1", values=values(port="/dev/ttyUSB1")))
    settings.call(SetEntry(section="modems", key="huawei-e173-1", values=values(sim_pin="1234", active="false")))
    first, second = store.load(ModemsSection).modems
    assert (first.id, second.id) == ("huawei-e173-1", "huawei-e173-1-2")
    assert (first.sim_pin, first.active) == (Secret("1234"), False)
    settings.call(RemoveEntry(section="modems", key="huawei-e173-1-2"))
    assert [modem.id for modem in store.load(ModemsSection).modems] == ["huawei-e173-1"]
    with pytest.raises(BrokerError, match=r"settings\.no_entry_modems"):
        settings.call(SetEntry(section="modems", key="Huawei E999", values=values(active="true")))


def test_a_second_modem_of_the_same_id_is_refused(settings):
    settings.call(AddEntry(section="modems", key="sim0", values={}))
    done = settings.call(AddEntry(section="modems", key="sim0", values={}))
    assert [problem.key for problem in done.problems] == ["settings.double"]


def test_secrets_are_masked_and_the_mask_or_a_blank_means_unchanged(settings, store):
    settings.call(AddEntry(section="modems", key="sim0", values=values(sim_pin="1234")))
    document = settings.call(GetSection(section="modems")).document
    assert document["modems"][0]["sim_pin"] == "********"
    settings.call(SetEntry(section="modems", key="sim0", values=values(sim_pin="")))
    text = '{"modems": [{"id": "sim0", "name": "New", "sim_pin": "********"}]}'
    assert settings.call(ImportSection(section="modems", document=Secret(text))).changed
    (modem,) = store.load(ModemsSection).modems
    assert (modem.name, modem.sim_pin) == ("New", Secret("1234"))
    settings.call(SetEntry(section="modems", key="sim0", values=values(sim_pin="none")))
    assert not store.load(ModemsSection).modems[0].sim_pin


def test_a_mask_that_hides_no_secret_is_refused(settings):
    for section, text, path in (
        ("smtp", "relay_password: '********'", "smtp.relay_password"),
        ("webhooks", "- {name: w, url: 'https://a.id/', secret: '********'}", "webhooks.w.secret"),
    ):
        done = settings.call(ImportSection(section=section, document=Secret(text)))
        assert [(problem.path, problem.key) for problem in done.problems] == [(path, "settings.nothing_masked")]


def test_entries_alone_are_a_list_section_too(settings, store):
    assert settings.call(
        ImportSection(section="modems", document=Secret("- {id: sim0, name: A}\n- {id: sim1, name: B}\n"))
    ).changed
    assert [modem.id for modem in store.load(ModemsSection).modems] == ["sim0", "sim1"]
    refused = settings.call(ImportSection(section="sms", document=Secret("- routing: tariff\n")))
    assert [problem.key for problem in refused.problems] == ["settings.expect_mapping"]


def test_passwords_are_hashed_and_short_ones_refused(settings, store):
    refused = settings.call(AddEntry(section="api_users", key="shop", values=values(password="1234567")))
    assert [problem.key for problem in refused.problems] == ["settings.password_too_short"]
    settings.call(AddEntry(section="api_users", key="shop", values=values(password="12345678", phone="08")))
    (user,) = store.load(ApiUsersSection).api_users
    assert passwords.verify(Secret("12345678"), user.password_hash)
    shown = settings.call(GetSection(section="api_users")).document["api_users"][0]
    assert (shown["password"], "password_hash" in shown) == ("********", False)


def test_list_sections_take_entry_dot_key(settings, store):
    settings.call(AddEntry(section="modems", key="sim0", values={}))
    assert settings.call(SetSection(section="modems", values={"sim0.active": Secret("false")})).changed
    assert not store.load(ModemsSection).modems[0].active


def test_a_document_that_is_no_yaml_is_a_problem_with_its_line(settings):
    done = settings.call(ImportSection(section="sms", document=Secret("version: 1\nrouting: [\n")))
    assert [(problem.key, problem.params["line"]) for problem in done.problems] == [("settings.not_yaml", 3)]


def test_sections_and_their_schema(settings):
    names = {summary.name: summary.entries for summary in settings.call(ListSections()).sections}
    assert names["modems"] == 0
    assert names["sms"] is None
    schema = settings.call(SectionSchema(section="api_users")).document
    assert schema["$defs"]["ApiUser"]["properties"]["password"]["writeOnly"] is True
    with pytest.raises(BrokerError, match=r"settings\.no_section"):
        settings.call(GetSection(section="../sms"))


def test_two_writers_at_once_lose_nothing(paths, store):
    def add(name):
        Settings(paths, Manager(store)).call(AddEntry(section="modems", key=name, values={}))

    writers = [threading.Thread(target=add, args=(f"m{n}",)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {modem.id for modem in store.load(ModemsSection).modems} == {f"m{n}" for n in range(8)}


def test_an_unwritable_folder_says_that_saving_failed(paths, settings):
    paths.settings.parent.mkdir()
    paths.settings.write_text("not a folder")
    with pytest.raises(BrokerError, match=r"settings\.not_saved"):
        settings.call(SetSection(section="sms", values=values(country_code="44")))


def test_a_section_that_nobody_could_read_back_is_not_written(settings, store):
    users = (f'{{"username":"u{at}","name":"{"n" * 64}","email":"{"e" * 150}"}}' for at in range(3960))
    document = f"[{','.join(users)}]"
    assert len(document) < MAX_OCTETS  # it may come, but as YAML it is longer
    before = store.stored("api_users")
    done = settings.call(ImportSection(section="api_users", document=Secret(f'{{"api_users":{document}}}')))
    assert [problem.key for problem in done.problems] == ["settings.too_large"]
    assert store.stored("api_users") == before


def admins(settings, *names):
    for name in names:
        assert settings.call(AddEntry(section="admins", key=name, values=values(password="long enough 1"))).changed


@pytest.mark.parametrize("change", [{"active": "false"}, {"blocked": "true"}, {"username": "other"}])
def test_the_panel_lets_no_administrator_shut_out_themselves(settings, change):
    admins(settings, "budi", "siti")
    done = settings.call(SetEntry(section="admins", key="budi", values=values(**change), by="budi"))
    assert [problem.key for problem in done.problems] == ["admins.own"]
    assert [problem.key for problem in settings.call(remove("budi", by="budi")).problems] == ["admins.own"]
    assert settings.call(SetEntry(section="admins", key="siti", values=values(**change), by="budi")).changed


def test_a_password_that_is_too_short_is_not_missing_too(settings):
    done = settings.call(AddEntry(section="admins", key="budi", values=values(password="short")))
    assert [problem.key for problem in done.problems] == ["settings.password_too_short"]


def remove(name, by=""):
    return RemoveEntry(section="admins", key=name, by=by)


def test_the_panel_never_loses_its_last_administrator_but_the_command_line_may(settings):
    admins(settings, "budi", "siti")
    assert settings.call(remove("siti", by="budi")).changed
    refused = settings.call(remove("budi", by="siti"))  # who was removed a moment ago
    assert [problem.key for problem in refused.problems] == ["admins.last"]
    empty = ImportSection(section="admins", document=Secret("admins: []"), by="budi")
    assert [problem.key for problem in settings.call(empty).problems] == ["admins.last"]
    assert settings.call(remove("budi")).changed


def test_of_many_that_make_the_first_administrator_one_does(paths, store):
    """In processes of their own, as the panel and command lines would be."""
    first = textwrap.dedent("""
        import sys
        from pathlib import Path
        from otpbroker.apply.manager import SupervisorManager
        from otpbroker.apply.transaction import Settings
        from otpbroker.errors import BrokerError
        from otpbroker.secrets import Secret
        from otpbroker.system.files import Paths
        from otpbroker.verbs.apply import FirstAdmin
        from threading import Thread

        def attempt(name):
            settings = Settings(paths, SupervisorManager(paths.socket("supervisor")))
            try:
                settings.call(FirstAdmin(username=name, values={"password": Secret("long enough 1")}))
            except BrokerError as error:
                print(f"{error.key} ", end="")  # one write: threads share the line
            else:
                print("made ", end="")

        paths = Paths(Path(sys.argv[1]))
        threads = [Thread(target=attempt, args=(f"{sys.argv[2]}-{at}",)) for at in range(10)]
        sys.stdin.read()
        for thread in threads:
            thread.start()
    """)
    argv = [sys.executable, "-c", first, str(paths.root)]
    processes = [
        subprocess.Popen([*argv, str(at)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for at in range(5)
    ]
    for process in processes:
        process.stdin.close()
    said = [line for process in processes for line in process.stdout.read().split()]
    for process in processes:
        process.wait()
        process.stdout.close()
    assert sorted(said) == ["admins.exist"] * 49 + ["made"]
    assert len(store.load(AdminsSection).admins) == 1
