"""`otpb modem …`, `sim-pin`, `ussd`, `inbox`."""

import argparse
import re
from typing import Any

import msgspec

from otpbroker import msisdn
from otpbroker.cli import entries
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session, secret_line
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.wire import Verb
from otpbroker.secrets import MessageText
from otpbroker.verbs.apply import GetSection
from otpbroker.verbs.dispatch import Done, Inbox, InboxDelete, ModemFacts, RemoveSimPin, SetSimPin, Ussd

USSD_TIMEOUT_S = 60.0
_GRACE_S = 10.0


def register(commands: Commands) -> None:
    group = commands.group("modem")
    group.command("list", _list)
    entries.register(group, "modems", bare=True)
    group.command("info", _info).add_argument("name", metavar="NAME")
    ussd = commands.command("ussd", _ussd)
    ussd.add_argument("modem", metavar="MODEM")
    ussd.add_argument("code", metavar="CODE", type=_ussd_code)
    inbox = commands.command("inbox", _inbox)
    inbox.add_argument("modem", metavar="MODEM")
    inbox.add_argument("--delete", metavar="KEY", type=_inbox_key, help="cli.option_inbox_delete")
    pin = commands.command("sim-pin", _sim_pin)
    pin.add_argument("modem", metavar="MODEM")
    pin.add_argument("action", choices=("set", "remove"))


def _joined(session: Session) -> list[dict[str, Any]]:
    """Every modem: its settings, overlaid with what the device says of it; `state` is `unknown` without dispatch."""
    document = session.apply.call_or_do(GetSection(section="modems")).document
    stored: dict[str, dict[str, Any]] = {modem["id"]: modem for modem in document["modems"]}
    try:
        facts = session.modem_facts()
    except BrokerError:
        return [modem | {"state": "unknown", "reason": "dispatch.unavailable"} for modem in stored.values()]
    known = {modem.id: _overlaid(stored.get(modem.id, {}), modem) for modem in facts}
    return [known.get(key, modem | {"state": "unknown", "reason": ""}) for key, modem in (stored | known).items()]


def _overlaid(stored: dict[str, Any], facts: ModemFacts) -> dict[str, Any]:
    said = msgspec.to_builtins(facts)
    return stored | {name: value for name, value in said.items() if value not in ("", None) or name not in stored}


def _list(_arguments: argparse.Namespace, session: Session) -> int:
    modems = _joined(session)
    headers = ("id", "name", "port", "state", "operator", "signal", "number", "prefixes", "default", "api")
    shown = {"modems": [explained(session, modem) for modem in modems]}
    session.show(shown, lambda: session.table(headers, [_row(session, modem) for modem in modems]))
    return 0


def _row(session: Session, modem: dict[str, Any]) -> tuple[object, ...]:
    return (
        modem["id"],
        modem["name"],
        modem["port"],
        state_words(session, modem),
        modem.get("operator"),
        dbm(modem),
        msisdn.mask(modem["msisdn"]) if modem.get("msisdn") else "",
        ",".join(modem.get("recipient_prefix", ())),
        session.yes_no(modem["default_modem"]),
        session.yes_no(modem["sms_api"]),
    )


def explained(session: Session, modem: dict[str, Any]) -> dict[str, Any]:
    """The modem with its reason in words beside the key, for JSON."""
    return modem | {"reason_text": session.sentence(modem["reason"], modem.get("params", {}))}


def state_words(session: Session, modem: dict[str, Any]) -> str:
    state = str(modem["state"])
    reason = session.sentence(modem["reason"], modem.get("params", {})) if modem.get("reason") else ""
    return f"{state}: {reason}" if reason else state


def dbm(modem: dict[str, Any]) -> str:
    return "" if modem.get("signal_dbm") is None else f"{modem['signal_dbm']} dBm"


def _info(arguments: argparse.Namespace, session: Session) -> int:
    modems = _joined(session)
    found = [modem for modem in modems if modem["id"] == arguments.name]
    found = found or [modem for modem in modems if modem["name"] == arguments.name]
    if len(found) != 1:
        known = ", ".join(modem["id"] for modem in modems) or "-"
        raise BrokerError(ResponseCode.INVALID_REQUEST, "settings.no_entry_modems", entry=arguments.name, known=known)
    session.show(explained(session, found[0]), lambda: _print(found[0] | {"state": state_words(session, found[0])}))
    return 0


def _print(modem: dict[str, Any]) -> None:
    width = max(len(name) for name in modem)
    for name, value in modem.items():
        text = str(value).lower() if isinstance(value, bool) else value
        print(f"{name.ljust(width)}  {','.join(map(str, value)) if isinstance(value, list) else text}".rstrip())


def _ussd_code(text: str) -> str:
    if not re.fullmatch(r"[0-9*#+]{1,160}", text):
        raise argparse.ArgumentTypeError(f"{text}: digits, *, # and + only")
    return text


def _inbox_key(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}:[0-9]+(,[0-9]+)*", text):
        raise argparse.ArgumentTypeError(f"{text}: a KEY as `otpb inbox` shows it, such as SM:1")
    return text


def _ussd(arguments: argparse.Namespace, session: Session) -> int:
    verb = Ussd(modem=session.modem(arguments.modem).id, code=arguments.code, timeout_s=USSD_TIMEOUT_S)
    answer = session.dispatch.call(verb, USSD_TIMEOUT_S + _GRACE_S)
    session.show(answer, lambda: print(_on_screen(answer.text)))
    if answer.status == 1:
        session.warn("cli.ussd_open", {"modem": verb.modem})
    return 0


def _inbox(arguments: argparse.Namespace, session: Session) -> int:
    modem = session.modem(arguments.modem).id
    if arguments.delete:
        return _done(session, InboxDelete(modem=modem, key=arguments.delete), "cli.deleted")
    found = session.dispatch.call(Inbox(modem=modem), USSD_TIMEOUT_S)
    rows = [(sms.key, sms.received_at, sms.sender, _on_screen(sms.text)) for sms in found.messages]
    session.show(found, lambda: session.table(("key", "received", "sender", "text"), rows))
    return 0


def _sim_pin(arguments: argparse.Namespace, session: Session) -> int:
    modem = session.modem(arguments.modem).id
    pin = MessageText(secret_line().reveal())
    if not re.fullmatch(r"[0-9]{4,8}", pin.reveal()):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.pin_form")
    if arguments.action == "set":
        return _done(session, SetSimPin(modem=modem, pin=pin), "cli.pin_set")
    return _done(session, RemoveSimPin(modem=modem, pin=pin), "cli.pin_removed")


def _done(session: Session, verb: Verb[Done], key: str) -> int:
    done = session.dispatch.call(verb, USSD_TIMEOUT_S)
    session.show(done, lambda: session.say(key))
    return 0


def _on_screen(text: str) -> str:
    """A network's text for a terminal: line breaks stay, other control characters do not."""
    return "".join(char if char.isprintable() or char == "\n" else "·" for char in text.replace("\r\n", "\n"))
