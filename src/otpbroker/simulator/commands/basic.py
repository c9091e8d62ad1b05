"""Commands without `+` (ITU-T V.250): echo, reset, identification, dialling for data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otpbroker.simulator.commands.identity import describe
from otpbroker.simulator.results import AtFailure, Final
from otpbroker.simulator.session import Session

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem

ACCEPTED = frozenset(
    {"Q0", "Q", "X4", "X0", "X1", "X", "&C1", "&D2", "&D0", "&D1", "&W", "&K0", "&K3", "H", "H0", "M0", "L0"}
)


def run(modem: SimulatedModem, command: str) -> list[str]:
    session = modem.session
    if command in ("Z", "Z0", "&F", "&F0"):
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
    """`D*99#` and its kin open data mode, `+++` leaves it; voice calls find nobody."""
    if modem.locked or not number.upper().lstrip("TP").startswith("*99"):
        return Final("NO CARRIER")
    modem.data_mode = True
    return Final("CONNECT 150000000")
