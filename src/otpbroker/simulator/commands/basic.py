"""Commands without `+` (ITU-T V.250): echo, reset, identification, dialling for data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from otpbroker.simulator.commands.identity import describe
from otpbroker.simulator.results import AtFailure, Final
from otpbroker.simulator.session import Session

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem

ACCEPTED = frozenset(
    {"Q0", "Q", "X4", "X0", "X1", "X", "&C0", "&C1", "&D2", "&D0", "&D1", "&W", "&K0", "&K3", "M0", "L0", "L3"}
)


CONNECTED = Final("CONNECT 150000000")
_DATA_CALL = re.compile(r"[TP]?(?:\*99(?:\*+(?P<cid>\d*))?\#|\#777)", re.IGNORECASE)


def run(modem: SimulatedModem, command: str) -> list[str] | Final:
    session = modem.session
    if command in ("H", "H0"):
        modem.hang_up(told=False)
    elif command in ("O", "O0"):
        return _return_online(modem)
    elif command in ("Z", "Z0", "&F", "&F0"):
        modem.session = Session(echo=session.echo)
    elif command in ("E", "E0", "E1"):
        session.echo = command == "E1"
    elif command in ("V0", "V1", "V"):
        session.verbose = command == "V1"
    elif command in ("I", "I0"):
        return describe(modem)
    elif command not in ACCEPTED and command[0] != "S":
        raise AtFailure
    return []


def dial(modem: SimulatedModem, number: str) -> Final:
    """`D*99#`, `D*99***<cid>#` (3GPP TS 27.007 §10.2.1.1) and `D#777` open a data call, voice calls find nobody."""
    if modem.knobs.dial_s:
        modem.answer_later(modem.knobs.dial_s, lambda: _dialled(modem, number))
        return Final("")
    return _dialled(modem, number)


def _dialled(modem: SimulatedModem, number: str) -> Final:
    fault = modem.knobs.dial_fault
    if fault and fault.times:
        fault.times -= fault.times > 0
        return Final(fault.result)
    if not _reaches(modem, number):
        return Final("NO CARRIER")
    modem.connect()
    return CONNECTED


def _reaches(modem: SimulatedModem, number: str) -> bool:
    knobs, wanted = modem.knobs, _DATA_CALL.fullmatch(number.replace(" ", ""))
    registered = knobs.sim_present and not modem.locked and knobs.registration in (1, 5)
    if wanted is None or not registered:
        return False
    return not knobs.apn or modem.session.contexts.get(wanted["cid"] or "1") == knobs.apn


def _return_online(modem: SimulatedModem) -> Final:
    """`ATO`: back to the call that `+++` left."""
    if modem.call is None:
        return Final("NO CARRIER")
    modem.call.online = True
    return CONNECTED
