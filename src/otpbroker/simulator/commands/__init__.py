"""The command table of the simulated modem (3GPP TS 27.005, 27.007, ITU-T V.250)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from otpbroker.simulator.commands import basic, identity, network, security, sms, ussd
from otpbroker.simulator.commands.base import Handler
from otpbroker.simulator.results import AtFailure, Final, cme

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem

EXTENDED: dict[str, Handler] = {
    **identity.HANDLERS,
    **network.HANDLERS,
    **security.HANDLERS,
    **sms.HANDLERS,
    **ussd.HANDLERS,
}
_SEPARATOR = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_BASIC = re.compile(r"&?[A-Z]\d*(?:=\d+|\?)?")


def run(modem: SimulatedModem, body: str) -> tuple[list[str], Final]:
    """Runs what followed `AT`, chained by `;`; AtFailure ends the chain."""
    lines: list[str] = []
    final = Final("OK")
    for command in _SEPARATOR.split(body) if ";" in body else (body,):
        answer = _run_one(modem, command)
        if isinstance(answer, Final):
            final = answer
        else:
            lines += answer
    return lines, final


def _run_one(modem: SimulatedModem, command: str) -> list[str] | Final:
    if not command.startswith(tuple("+^*$%")):
        return _run_basic(modem, command)
    name, equals, value = command.partition("=")
    if not equals and name.endswith("?"):
        name, value = name[:-1], "?"
    elif equals:
        value = "=" + value
    handler = EXTENDED.get(name.upper())
    if handler is None:
        raise AtFailure("CME", 100)
    try:
        return handler(modem, value)
    except (ValueError, IndexError):
        raise cme(50) from None


def _run_basic(modem: SimulatedModem, command: str) -> list[str] | Final:
    if command[:1].upper() == "D":
        return basic.dial(modem, command[1:])
    lines: list[str] = []
    for single in _BASIC.findall(command.upper()):
        answer = basic.run(modem, single)
        if isinstance(answer, Final):
            return answer
        lines += answer
    return lines
