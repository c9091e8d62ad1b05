"""Registration, operator, signal, clock, function level (3GPP TS 27.007 §7, §8)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from otpbroker.simulator.air import HOME_ZONE
from otpbroker.simulator.commands.base import Handler, fields, fixed, numbers
from otpbroker.simulator.commands.identity import need_sim
from otpbroker.simulator.results import Final, cme

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem

REGISTRATIONS = ("+CREG", "+CGREG", "+CEREG")


def registration_line(modem: SimulatedModem, name: str, solicited: bool) -> str:
    """`+CREG:` with location for <n> = 2 (§7.2); unregistered while the SIM is locked."""
    reporting = modem.session.reporting.get(name, 0)
    stat = modem.knobs.registration if modem.knobs.sim_present and not modem.locked else 0
    shown = [str(reporting)] if solicited else []
    shown.append(str(stat))
    if reporting == 2 and stat in (1, 5):
        shown += ['"1A2B"', '"0C3D4E5F"']
    return f"{name}: {','.join(shown)}"


def announce_registration(modem: SimulatedModem) -> None:
    """The URCs that follow a change of registration."""
    for name, reporting in modem.session.reporting.items():
        if reporting:
            modem.urc(registration_line(modem, name, solicited=False))


def _registration(name: str) -> Handler:
    def handler(modem: SimulatedModem, value: str) -> list[str]:
        if value == "=?":
            return [f"{name}: (0-2)"]
        if value == "?":
            return [registration_line(modem, name, solicited=True)]
        chosen = (numbers(value) or [0])[0]
        if chosen not in (0, 1, 2):
            raise cme(50)
        modem.session.reporting[name] = chosen
        return []

    return handler


def _operator(modem: SimulatedModem, value: str) -> list[str]:
    knobs, session = modem.knobs, modem.session
    if value == "=?":
        return [f'+COPS: (2,"{knobs.operator}","{knobs.operator[:8]}","{knobs.plmn}"),,(0-4),(0-2)']
    if value.startswith("="):
        chosen = numbers(value)
        if chosen[:1] == [3] and len(chosen) > 1:
            session.cops_format = chosen[1]
        return []
    need_sim(modem)
    if knobs.registration not in (1, 5):
        return ["+COPS: 0"]
    name = knobs.plmn if session.cops_format == 2 else knobs.operator
    return [f'+COPS: 0,{session.cops_format},"{name}",2']


def _signal(modem: SimulatedModem, value: str) -> list[str]:
    return ["+CSQ: (0-31,99),(0-7,99)"] if value == "=?" else [f"+CSQ: {modem.knobs.signal},99"]


def _clock(modem: SimulatedModem, value: str) -> list[str]:
    if value != "?":
        return []
    if modem.knobs.clock:
        return [f'+CCLK: "{modem.knobs.clock}"']
    return [dt.datetime.now(HOME_ZONE).strftime('+CCLK: "%y/%m/%d,%H:%M:%S+28"')]


def _function(modem: SimulatedModem, value: str) -> list[str] | Final:
    if value == "?":
        return ["+CFUN: 1"]
    if value == "=?":
        return ["+CFUN: (0,1,4),(0,1)"]
    if numbers(value)[1:] == [1]:
        modem.answer([], "OK")
        modem.restart()
        return Final("")
    return []


def _contexts(modem: SimulatedModem, value: str) -> list[str]:
    if value == "?":
        return [f'+CGDCONT: {cid},"IP","{apn}","",0,0' for cid, apn in sorted(modem.session.contexts.items())]
    if value == "=?":
        return ['+CGDCONT: (1-16),"IP",,,(0),(0)']
    cid, *rest = fields(value)
    modem.session.contexts[cid] = rest[1] if len(rest) > 1 else ""
    return []


HANDLERS: dict[str, Handler] = {
    **{name: _registration(name) for name in REGISTRATIONS},
    "+COPS": _operator,
    "+CSQ": _signal,
    "+CCLK": _clock,
    "+CFUN": _function,
    "+CGDCONT": _contexts,
    "+CGATT": fixed("+CGATT: 1"),
    "+CTZU": fixed(),
}
