"""`otpb internet`: modems that connect the device, how they fare, on and off."""

import argparse
from typing import Any

import msgspec

from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.cli.values import moment
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.system.traffic import traffic
from otpbroker.verbs.apply import GetSection, SetEntry
from otpbroker.verbs.dispatch import Status
from otpbroker.verbs.internet import InternetState

_SWITCH = {"on": "true", "off": "false"}


def register(commands: Commands) -> None:
    parser = commands.command("internet", _internet)
    parser.add_argument("action", choices=tuple(_SWITCH), nargs="?", help="cli.option_internet")
    parser.add_argument("modem", metavar="MODEM", nargs="?")


def _internet(arguments: argparse.Namespace, session: Session) -> int:
    if arguments.action is None:
        return _show(session)
    if arguments.modem is None:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.internet_which")
    values = {"internet_access": Secret(_SWITCH[arguments.action])}
    return change(session, SetEntry(section="modems", key=arguments.modem, values=values))


def _show(session: Session) -> int:
    """What is wanted by the settings, and how it is."""
    modems = session.apply.call_or_do(GetSection(section="modems")).document["modems"]
    status = session.dispatch.call(Status())
    states = {state.modem: state for state in status.internet}
    only = {facts.id for facts in status.modems if facts.state == "internet"}
    told = [
        _told(session, modem, states.get(modem["id"]), sms=modem["id"] not in only)
        for modem in modems
        if modem["internet_access"] or modem["id"] in states
    ]
    session.show({"internet": told}, lambda: _words(session, told))
    return 0


def _told(session: Session, modem: dict[str, Any], state: InternetState | None, *, sms: bool) -> dict[str, Any]:
    said = state or InternetState(modem=modem["id"], state="waiting", since=0)
    counted = traffic(said.interface, session.paths.root) if said.interface else None
    return {
        **msgspec.to_builtins(said),
        "name": modem["name"],
        "wanted": modem["internet_access"] and modem["active"],
        "sms": sms,
        "received": counted.received if counted else None,
        "sent": counted.sent if counted else None,
        "reason_text": session.sentence(said.key, said.params) if said.key else "",
    }


def _words(session: Session, told: list[dict[str, Any]]) -> None:
    if not told:
        session.say("cli.internet_none")
        return
    headers = ("id", "name", "state", "interface", "address", "since", "received_octets", "sent_octets", "sms", "note")
    session.table(headers, [_row(session, each) for each in told])


def _row(session: Session, each: dict[str, Any]) -> tuple[object, ...]:
    return (
        each["modem"],
        each["name"],
        each["state"],
        each["interface"],
        each["address"],
        moment(each["since"] or None),
        each["received"],
        each["sent"],
        session.yes_no(each["sms"]),
        each["reason_text"],
    )
