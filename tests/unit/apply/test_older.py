"""Settings of the older products: made-up files in their formats."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otpbroker.apply import older
from otpbroker.apply.transaction import Settings
from otpbroker.config import passwords
from otpbroker.config.registry import SECTIONS
from otpbroker.config.store import Store
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import AddEntry, ServiceWord
from otpbroker.verbs.backup import ImportOlder, Listed

HASH = f"scrypt$32768$8$1${'a' * 32}${'b' * 64}"
MODEM = {
    "id": "0f" * 16,
    "name": "Stik Satu",
    "manufacturer": "Acme",
    "port": "/dev/ttyUSB3",
    "imei": "356000000000017",
    "msisdn": "081234500001",
    "recipientPrefix": "0871, 0872",
    "simCardPIN": "4321",
    "baudRate": 0,
    "parityBit": "None",
    "startBits": "",
    "stopBits": "1",
    "internetAccess": False,
    "dialNumner": "*99#",
    "smsAPI": True,
    "defaultModem": True,
    "active": True,
    "deleteSentSMS": True,
}
USER = {"username": "toko", "name": "Toko", "phone": "081234500002", "active": True, "blocked": False, "lastActive": 7}
ACCOUNT = {
    "id": "1",
    "name": "kantor",
    "host": "smtp.example.com",
    "port": 465,
    "ssl": True,
    "startTLS": True,
    "auth": True,
    "senderAddress": "kantor@example.com",
    "senderPassword": "canary-surat",
    "active": True,
}
AMQP = {
    "subscriberAmqpEnable": True,
    "subscriberAmqpSSL": True,
    "subscriberAmqpAddress": "rabbit.example.com",
    "subscriberAmqpPort": 5671,
    "subscriberAmqpPath": "",
    "subscriberAmqpUsername": "pi",
    "subscriberAmqpPassword": "canary-antrean",
    "subscriberAmqpTopic": "sms",
    "subscriberAmqpTimeout": 5000,
    "subscriberAmqpReconnectDelay": 10000,
    "subscriberAmqpRefresh": 600,
    "subscriberAmqpVersion": 1,
}
WEBSOCKET = {
    "feederWsEnable": False,
    "feederWsAddress": "ws.example.com",
    "feederWsPort": 8080,
    "feederWsChannel": "otp",
}
API = {"httpPort": 8899, "httpEnable": True, "httpsPort": 10443, "httpsEnable": True, "messagePath": "/api/message"}
SMS = {"countryCode": "60", "recipientPrefixLength": 4, "logSMS": False, "monitorSMS": True, "timeRange": 9, "imei": ""}
BLOCKED = {"0812345678901": True, "60123456789": False, "12": True}


class Manager:
    def reload(self, services):
        return [ServiceWord(service=service, state="reloaded") for service in services]


@pytest.fixture
def store(tmp_path):
    return Store(Paths(tmp_path))


@pytest.fixture
def take(tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "hash_password", lambda _: Secret(HASH))
    device = Settings(Paths(tmp_path), Manager())

    def done(*documents, check_only=False):
        files = [Secret(each if isinstance(each, str) else json.dumps(each)) for each in documents]
        told = device.call(ImportOlder(files=files, check_only=check_only))
        assert not told.problems
        return told, [(note.path, note.key) for note in told.notes]

    done.settings = device
    return done


def entries(store, section):
    return getattr(store.load(SECTIONS[section].kind), section)


def test_a_modem_with_prefixes_as_they_are_stored_here(take, store):
    _, notes = take({MODEM["id"]: MODEM})
    (modem,) = entries(store, "modems")
    assert (modem.id, modem.name, modem.port, modem.imei) == ("stik-satu", "Stik Satu", "/dev/ttyUSB3", MODEM["imei"])
    assert modem.recipient_prefix == ("62871", "62872")
    assert (modem.sim_pin, modem.baud_rate, modem.parity, modem.default_modem) == (Secret("4321"), 115200, "N", True)
    assert notes == [("modems.Stik Satu", "older.not_used")]


def test_a_modem_of_a_windows_machine_comes_without_its_port(take, store):
    _, notes = take({"x": {"name": "Stik", "connectionType": "COM3", "imei": MODEM["imei"], "active": True}})
    (modem,) = entries(store, "modems")
    assert (modem.port, modem.imei) == ("", MODEM["imei"])
    assert notes == [("modems.Stik.port", "older.windows_port")]


def test_one_stick_that_is_in_it_twice_comes_once(take, store):
    _, notes = take({"1": MODEM, "2": MODEM | {"name": "Stik Dua", "port": "/dev/ttyUSB9", "deleteSentSMS": False}})
    assert [modem.name for modem in entries(store, "modems")] == ["Stik Satu"]
    assert ("modems.Stik Dua", "older.exists") in notes


def test_a_wrong_value_is_left_out_and_the_rest_taken(take, store):
    _, notes = take({"1": MODEM | {"baudRate": 12345, "apn": "bad\napn", "deleteSentSMS": False}})
    (modem,) = entries(store, "modems")
    assert (modem.baud_rate, modem.apn, modem.port) == (115200, "", "/dev/ttyUSB3")
    assert {path for path, _ in notes} == {"modems.Stik Satu.baud_rate", "modems.Stik Satu.apn"}


@pytest.mark.parametrize(
    ("password", "stored", "note"),
    [
        ("sandi-panjang", HASH, []),
        ("pendek", "", ["older.password_short"]),
        ("5e" * 32, "", ["older.password_hashed"]),
        ("", "", ["older.password_hashed"]),
    ],
)
def test_passwords_of_users_where_they_can_be_taken(take, store, password, stored, note):
    _, notes = take({"toko": USER | {"password": password}})
    (user,) = entries(store, "api_users")
    assert (user.username, user.phone, user.password_hash) == ("toko", USER["phone"], Secret(stored))
    assert notes == [("api_users.toko.password", key) for key in note]


def test_an_account_and_the_message_brokers(take, store):
    told, notes = take([ACCOUNT], AMQP, WEBSOCKET)
    (account,) = entries(store, "email")
    assert (account.port, account.tls, account.password) == (465, True, Secret("canary-surat"))
    amqp = store.load(SECTIONS["amqp"].kind)
    assert (amqp.enabled, amqp.tls, amqp.host, amqp.vhost) == (True, True, "rabbit.example.com", "/")
    assert (amqp.timeout_s, amqp.reconnect_delay_s, amqp.refresh_s) == (5, 10, 600)
    assert amqp.password == Secret("canary-antrean")
    websocket = store.load(SECTIONS["websocket"].kind)
    assert (websocket.host, websocket.port, websocket.channel) == ("ws.example.com", 8080, "otp")
    assert notes == []
    assert "canary" not in repr(told)


def test_an_account_that_cannot_send_comes_switched_off(take, store):
    _, notes = take([ACCOUNT | {"senderPassword": ""}])
    assert not entries(store, "email")[0].active
    assert ("email.kantor", "older.switched_off") in notes


def test_an_account_without_a_sender_does_not_come(take, store):
    _, notes = take([ACCOUNT | {"senderAddress": "nobody"}])
    assert not entries(store, "email")
    assert ("email.kantor", "older.left_out") in notes


def test_plain_settings(take, store):
    _, notes = take(API, SMS, {"deviceName": "Kantor Pusat", "deviceTimeZone": "Asia/Makassar", "ntpServer": "x"})
    api, sms = store.load(SECTIONS["api"].kind), store.load(SECTIONS["sms"].kind)
    assert (api.http_port, api.https_enabled, api.message_path) == (8899, False, "/api/message")
    assert (sms.country_code, sms.recipient_prefix_length, sms.log_sms) == ("60", 4, False)
    assert store.load(SECTIONS["general"].kind).device_name == "Kantor Pusat"
    assert ("api.https_enabled", "older.https") in notes
    assert ("sms", "older.not_used") in notes
    assert ("general", "older.not_used") in notes


def test_a_local_server_without_a_real_name_comes_switched_off(take, store):
    take({"softwareName": "Mailer", "serverName": "localhost", "serverAddress": "localhost", "active": True})
    smtp = store.load(SECTIONS["smtp"].kind)
    assert (smtp.software_name, smtp.active) == ("Mailer", False)


def test_the_block_list_by_the_country_of_the_same_files(take):
    told, notes = take(BLOCKED, SMS)
    assert told.block_list == Listed(blocked=["60812345678901"], unblocked=["60123456789"])
    assert [path for path, _ in notes if path == "block_list"] == ["block_list"]


def test_what_is_here_stays_as_it_is(take, store):
    values = {"name": Secret("Yang Lama"), "password": Secret("delapan8huruf")}
    take.settings.call(AddEntry(section="api_users", key="toko", values=values))
    told, notes = take({"toko": USER | {"password": "sandi-panjang"}, "baru": USER | {"username": "baru"}})
    assert [user.name for user in entries(store, "api_users")] == ["Yang Lama", "Toko"]
    assert ("api_users.toko", "older.exists") in notes
    assert [change.added for change in told.sections] == [["baru"]]


def test_a_look_first_changes_nothing(take, store):
    told, _ = take({MODEM["id"]: MODEM}, API, BLOCKED, check_only=True)
    assert [change.section for change in told.sections] == ["api", "modems"]
    assert store.is_factory("modems")
    assert store.is_factory("api")


def test_files_that_are_none_of_theirs_are_told(take):
    _, notes = take("{", {}, {"hello": 1}, {"subscriberRedisPort": 6379}, "[" * 50_000, [1, 2], "7")
    assert notes == [
        ("file.1", "older.not_json"),
        ("file.2", "older.unknown"),
        ("file.3", "older.unknown"),
        ("feeders", "older.no_door"),
        ("file.5", "older.not_json"),
        ("file.6", "older.unknown"),
        ("file.7", "older.unknown"),
    ]


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
NAMES = st.sampled_from([*MODEM, *USER, *ACCOUNT, *AMQP, *WEBSOCKET, *API, *SMS, "serverName", "softwareName", "x"])
MEMBERS = st.dictionaries(NAMES, LEAVES | st.lists(LEAVES, max_size=2), max_size=6)
FILES = MEMBERS | st.dictionaries(st.text(max_size=5), MEMBERS, max_size=3) | st.lists(MEMBERS | LEAVES, max_size=3)


@settings(max_examples=120, deadline=None)
@given(documents=st.lists(FILES, max_size=3))
def test_whatever_they_hold_nothing_breaks(documents, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hash_password", lambda _: Secret(HASH))
        device = Settings(Paths(tmp_path_factory.mktemp("any")), Manager())
        files = [Secret(json.dumps(each)) for each in documents]
        assert not device.call(ImportOlder(files=files, check_only=True)).problems
        assert not device.call(ImportOlder(files=files)).problems
    older.read([json.dumps(each) for each in documents])
