"""PIN and PUK, the SIM lock, and the makers' ways to show how many tries are left (3GPP TS 27.007 §7.4, §7.5, §8.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otpbroker.simulator.commands.base import Handler, fields
from otpbroker.simulator.commands.network import announce_registration
from otpbroker.simulator.results import AtFailure, cme
from otpbroker.simulator.vendors import PROFILES

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem


def pin_state(modem: SimulatedModem) -> str:
    if not modem.locked:
        return "READY"
    return "SIM PIN" if modem.knobs.pin_tries else "SIM PUK"


def _pin(modem: SimulatedModem, value: str) -> list[str]:
    if not modem.knobs.sim_present:
        raise cme(10)
    if value == "?":
        return [f"+CPIN: {pin_state(modem)}"]
    if value == "=?":
        return []
    if not modem.locked:
        raise cme(3)
    given, *new = fields(value)
    if not modem.knobs.pin_tries:
        _unblock(modem, given, *new[:1])
    else:
        verify_pin(modem, given)
    modem.locked = False
    modem.later(0.0, lambda: announce_registration(modem))
    return []


def verify_pin(modem: SimulatedModem, given: str) -> None:
    """Counts a wrong PIN; the last one locks until the PUK."""
    knobs = modem.knobs
    if given == knobs.pin:
        knobs.pin_tries = 3
        return
    knobs.pin_tries = max(0, knobs.pin_tries - 1)
    modem.locked = modem.locked or not knobs.pin_tries
    raise cme(16 if knobs.pin_tries else 12)


def _unblock(modem: SimulatedModem, puk: str, pin: str = "") -> None:
    knobs = modem.knobs
    if puk != knobs.puk or not pin or not knobs.puk_tries:
        knobs.puk_tries = max(0, knobs.puk_tries - 1)
        raise cme(16)
    knobs.pin, knobs.pin_tries, knobs.puk_tries = pin, 3, 10


def _lock(modem: SimulatedModem, value: str) -> list[str]:
    """`AT+CLCK="SC"`: 2 asks, 1 sets and 0 removes the SIM's PIN request."""
    if value == "=?":
        return ['+CLCK: ("SC")']
    facility, mode, *password = fields(value)
    if facility != "SC":
        raise cme(4)
    if mode == "2":
        return [f"+CLCK: {int(bool(modem.knobs.pin))}"]
    if modem.locked:
        raise cme(11)
    if modem.knobs.pin:
        verify_pin(modem, password[0] if password else "")
    modem.knobs.pin = password[0] if mode == "1" and password else ""
    return []


def _password(modem: SimulatedModem, value: str) -> list[str]:
    """`AT+CPWD="SC",old,new`."""
    if value == "=?":
        return ['+CPWD: ("SC",8)']
    parameters = fields(value)
    if len(parameters) != 3 or parameters[0] != "SC" or not modem.knobs.pin:
        raise cme(3)
    verify_pin(modem, parameters[1])
    modem.knobs.pin = parameters[2]
    return []


def _tries(name: str) -> Handler:
    def handler(modem: SimulatedModem, value: str) -> list[str]:
        knobs = modem.knobs
        if PROFILES[knobs.vendor].tries_command != name:
            raise AtFailure("CME", 100)
        if value == "=?":
            return []
        pin, puk = knobs.pin_tries, knobs.puk_tries
        return {
            "+CPINR": [f"+CPINR: SIM PIN,{pin},3", f"+CPINR: SIM PUK,{puk},10"],
            "^CPIN": [f"^CPIN: {pin_state(modem)},{pin if modem.locked else ''},{puk},{pin},10,3"],
            "+SPIC": [f"+SPIC: {pin},{puk},3,10"],
            "+QPINC": [f'+QPINC: "SC",{pin},{puk}', '+QPINC: "P2",3,10'],
        }[name]

    return handler


HANDLERS: dict[str, Handler] = {
    "+CPIN": _pin,
    "+CLCK": _lock,
    "+CPWD": _password,
    **{name: _tries(name) for name in ("+CPINR", "^CPIN", "+SPIC", "+QPINC")},
}
