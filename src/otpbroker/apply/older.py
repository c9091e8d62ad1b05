"""The JSON settings of the older products, OTP-Broker and OTP-Pi, in our names. Pure.

Each of their files holds one subject and says nowhere which: it is told by its members. Values are carried over as
they are (the sections' schemas judge them); milliseconds become seconds.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from otpbroker.verbs.apply import Problem

Plain = dict[str, Any]
_HASH: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}", re.IGNORECASE)
_PARTS: Final = re.compile(r"[,;\s]+")
_MOST_FIELDS: Final = 12

_API: Final = {
    "httpPort": "http_port",
    "httpEnable": "http_enabled",
    "httpsPort": "https_port",
    "blockingPath": "blocking_path",
    "unblockingPath": "unblocking_path",
    "emailPath": "mail_path",
    "otpPath": "otp_path",
}
_SMS: Final = {
    "countryCode": "country_code",
    "recipientPrefixLength": "recipient_prefix_length",
    "logSMS": "log_sms",
    "monitorSMS": "monitor_sms",
}
_GENERAL: Final = {"deviceName": "device_name", "deviceTimeZone": "time_zone"}
_SMTP: Final = {
    "softwareName": "software_name",
    "serverName": "server_name",
    "serverAddress": "address",
    "serverPort": "port",
    "active": "active",
}
_FEEDER: Final = {
    "Enable": "enabled",
    "SSL": "tls",
    "Address": "host",
    "Port": "port",
    "Username": "username",
    "Password": "password",
    "Timeout": "timeout_s",
    "ReconnectDelay": "reconnect_delay_s",
    "Refresh": "refresh_s",
}
_AMQP: Final = _FEEDER | {"Path": "vhost", "Topic": "queue", "Channel": "queue"}
_WEBSOCKET: Final = _FEEDER | {"Path": "path", "Topic": "channel", "Channel": "channel"}
_USER: Final = {name: name for name in ("name", "phone", "email", "active", "blocked")}
_EMAIL: Final = {
    "host": "host",
    "port": "port",
    "ssl": "tls",
    "startTLS": "starttls",
    "auth": "auth",
    "senderAddress": "sender",
    "senderPassword": "password",
    "active": "active",
}
_MODEM: Final = {
    "port": "port",
    "connectionType": "port",
    "smsCenter": "smsc",
    "imei": "imei",
    "msisdn": "msisdn",
    "imsi": "imsi",
    "simCardPIN": "sim_pin",
    "baudRate": "baud_rate",
    "parityBit": "parity",
    "stopBits": "stop_bits",
    "internetAccess": "internet_access",
    "apn": "apn",
    "apnUsername": "apn_username",
    "apnPassword": "apn_password",
    "dialNumner": "dial_number",
    "dialNumber": "dial_number",
    "initDial1": "init_dial_1",
    "initDial2": "init_dial_2",
    "initDial3": "init_dial_3",
    "initDial4": "init_dial_4",
    "initDial5": "init_dial_5",
    "dialCommand": "dial_command",
    "smsAPI": "sms_api",
    "defaultModem": "default_modem",
    "active": "active",
}
_SEEN: Final = {  # of a modem: what the device reads itself
    *("id", "name", "recipientPrefix", "manufacturer", "model", "revision", "iccid", "provider", "copsOperator"),
    "startBits",
}


@dataclass(slots=True)
class Older:
    """What the files hold: fields of plain sections, entries of list sections by key (a modem's is its name), numbers
    of the block list and whether they are blocked; and what was left aside.
    """

    plain: dict[str, Plain] = field(default_factory=dict)
    entries: dict[str, dict[str, Plain]] = field(default_factory=dict)
    numbers: dict[str, bool] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)

    def aside(self, path: str, key: str, **params: str | int) -> None:
        self.notes.append(Problem(path=path, key=f"older.{key}", params=params))

    def left(self, path: str, document: Mapping[str, Any], taken: set[str]) -> None:
        """Note the members that hold something and have no place here."""
        names = [name for name, value in document.items() if name not in taken and value]
        if names:
            self.aside(path, "not_used", fields=", ".join(name[:40] for name in names[:_MOST_FIELDS]))


def read(texts: list[str]) -> Older:
    """All files together; of what two files say the later one counts."""
    older = Older()
    for at, text in enumerate(texts):
        try:
            document = msgspec.json.decode(text.removeprefix("\ufeff").encode(errors="replace"))
        except (msgspec.DecodeError, RecursionError):
            older.aside(f"file.{at + 1}", "not_json")
            continue
        taker = _taker(document)
        if taker is None:
            older.aside(f"file.{at + 1}", "unknown")
        else:
            taker(older, document)
    return older


def _taker(document: Any) -> Callable[[Older, Any], None] | None:
    """What takes in a file, by its members; None for what is no settings file that we know."""
    if isinstance(document, list):
        accounts = [each for each in _dicts(document) if "senderAddress" in each]
        return _take_email if document and len(accounts) == len(document) else None
    if not isinstance(document, dict) or not document:
        return None
    if all(isinstance(value, bool) and re.fullmatch(r"\+?[0-9]+", name) for name, value in document.items()):
        return _take_block_list
    inner = list(_dicts(document.values()))
    if len(inner) == len(document):
        if all("username" in each for each in inner):
            return _take_users
        return _take_modems if all("imei" in each or "connectionType" in each for each in inner) else None
    return next((take for is_it, take in _MEMBERS if any(is_it(name) for name in document)), None)


def _dicts(values: Any) -> Iterator[Mapping[str, Any]]:
    return (each for each in values if isinstance(each, dict))


def _fields(document: Mapping[str, Any], names: Mapping[str, str]) -> Plain:
    """An empty value says nothing; a number that is 0 neither where it stands for a port or the like."""
    found: Plain = {}
    for theirs, ours in names.items():
        value = document.get(theirs)
        if isinstance(value, bool) or (value not in (None, "", 0) and isinstance(value, str | int | float)):
            found[ours] = value
    return found


def _take_api(older: Older, document: Plain) -> None:
    fields = _fields(document, _API)
    paths = [path for path in (document.get("smsPath"), document.get("messagePath")) if path]
    if paths:
        fields["message_path"] = paths[0]
    if len(set(map(str, paths))) > 1:
        older.aside("api.message_path", "second_path", taken=str(paths[0])[:60], other=str(paths[1])[:60])
    if document.get("httpsEnable"):
        older.aside("api.https_enabled", "https")
    older.plain.setdefault("api", {}).update(fields)
    older.left("api", document, {*_API, "smsPath", "messagePath", "httpsEnable"})


def _plain(section: str, names: Mapping[str, str]) -> Callable[[Older, Plain], None]:
    def take(older: Older, document: Plain) -> None:
        older.plain.setdefault(section, {}).update(_fields(document, names))
        older.left(section, document, set(names))

    return take


def _feeder(section: str, names: Mapping[str, str]) -> Callable[[Older, Plain], None]:
    def take(older: Older, document: Plain) -> None:
        bare = {re.sub(r"^(feeder|subscriber)(Amqp|Ws)", "", name): value for name, value in document.items()}
        fields = _fields(bare, names)
        for name in ("timeout_s", "reconnect_delay_s"):
            if isinstance(fields.get(name), int | float):
                fields[name] /= 1000
        older.plain.setdefault(section, {}).update(fields)
        older.left(section, bare, {*names, "Version"})

    return take


def _take_other_door(older: Older, document: Plain) -> None:
    door = re.sub(r"^subscriber([A-Z][a-zA-Z]*?)[A-Z].*$", r"\1", next(iter(document)))
    older.aside("feeders", "no_door", door=door[:40])


def _take_block_list(older: Older, document: Plain) -> None:
    older.numbers |= document


def _take_users(older: Older, document: Mapping[str, Plain]) -> None:
    """Their passwords are in the clear (OTP-Broker), or hashed without salt (OTP-Pi): the latter are of no use here."""
    users = older.entries.setdefault("api_users", {})
    for user in document.values():
        username = str(user["username"])
        fields, password = _fields(user, _USER), user.get("password")
        if isinstance(password, str) and password and not _HASH.fullmatch(password):
            fields["password"] = password
        else:
            older.aside(f"api_users.{username[:64]}.password", "password_hashed")
        users[username] = fields


def _take_email(older: Older, document: list[Plain]) -> None:
    accounts = older.entries.setdefault("email", {})
    for account in document:
        name = str(account.get("name") or account["senderAddress"])
        name = next(free for free in (name, *(f"{name} {n}" for n in range(2, 1000))) if free not in accounts)
        accounts[name] = _fields(account, _EMAIL)


def _take_modems(older: Older, document: Mapping[str, Plain]) -> None:
    modems = older.entries.setdefault("modems", {})
    for modem in document.values():
        name = str(modem.get("name") or modem.get("model") or "Modem")
        name = next(free for free in (name, *(f"{name} {n}" for n in range(2, 1000))) if free not in modems)
        fields = _fields(modem, _MODEM)
        if prefixes := str(modem.get("recipientPrefix") or ""):
            fields["recipient_prefix"] = list(filter(None, _PARTS.split(prefixes)))
        if "parity" in fields:
            fields["parity"] = str(fields["parity"])[0].upper()
        if re.fullmatch(r"COM[0-9]+", str(fields.get("port", "")), re.IGNORECASE):
            older.aside(f"modems.{name[:64]}.port", "windows_port", given=fields.pop("port"))
        modems[name] = fields
        older.left(f"modems.{name[:64]}", modem, {*_MODEM, *_SEEN})


def _begins(*beginnings: str) -> Callable[[str], bool]:
    return lambda name: name.startswith(beginnings)


def _is(*names: str) -> Callable[[str], bool]:
    return lambda name: name in names


_MEMBERS: Final[tuple[tuple[Callable[[str], bool], Callable[[Older, Any], None]], ...]] = (
    (_begins("feederAmqp", "subscriberAmqp"), _feeder("amqp", _AMQP)),
    (_begins("feederWs", "subscriberWs"), _feeder("websocket", _WEBSOCKET)),
    (_begins("subscriber"), _take_other_door),
    (_is("httpPort", "httpsPort", "messagePath", "smsPath"), _take_api),
    (_is("recipientPrefixLength", "countryCode", "monitorSMS", "logSMS"), _plain("sms", _SMS)),
    (_is("deviceName", "deviceTimeZone"), _plain("general", _GENERAL)),
    (_is("softwareName", "serverAddress"), _plain("smtp", _SMTP)),
)
