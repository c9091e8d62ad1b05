"""Who the modem and its SIM are (3GPP TS 27.007 §5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from otpbroker.simulator.commands.base import Handler, fixed
from otpbroker.simulator.results import AtFailure, cme
from otpbroker.simulator.vendors import PROFILES, VendorProfile

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem


def describe(modem: SimulatedModem) -> list[str]:
    """`ATI`."""
    maker = PROFILES[modem.knobs.vendor]
    return [f"Manufacturer: {maker.manufacturer}\r\nModel: {maker.model}\r\nRevision: {maker.revision}\r\n+GCAP: +CGSM"]


def need_sim(modem: SimulatedModem) -> None:
    """+CME ERROR 10, 11 or 12 where the SIM is missing or locked (§9.2)."""
    if not modem.knobs.sim_present:
        raise cme(10)
    if modem.locked:
        raise cme(11 if modem.knobs.pin_tries else 12)


def _maker(pick: Callable[[VendorProfile], str]) -> Handler:
    return lambda modem, value: [] if value == "=?" else [pick(PROFILES[modem.knobs.vendor])]


def _imei(modem: SimulatedModem, value: str) -> list[str]:
    return [] if value == "=?" else [modem.knobs.imei]


def _imsi(modem: SimulatedModem, value: str) -> list[str]:
    if value == "=?":
        return []
    need_sim(modem)
    return [modem.knobs.imsi]


def _iccid(name: str) -> Handler:
    def handler(modem: SimulatedModem, _value: str) -> list[str]:
        own = PROFILES[modem.knobs.vendor].iccid_command
        if name not in (own, "+CCID") or (name == "+CCID" and modem.knobs.vendor in ("huawei", "zte")):
            raise AtFailure("CME", 100)
        if not modem.knobs.sim_present:
            raise cme(10)
        return [f"{name}: {modem.knobs.iccid}"]

    return handler


def _own_number(modem: SimulatedModem, value: str) -> list[str]:
    need_sim(modem)
    return [f'+CNUM: "","+{modem.knobs.msisdn}",145'] if modem.knobs.msisdn and not value else []


HANDLERS: dict[str, Handler] = {
    "+CGMI": _maker(lambda profile: profile.manufacturer),
    "+GMI": _maker(lambda profile: profile.manufacturer),
    "+CGMM": _maker(lambda profile: profile.model),
    "+GMM": _maker(lambda profile: profile.model),
    "+CGMR": _maker(lambda profile: profile.revision),
    "+GMR": _maker(lambda profile: profile.revision),
    "+CGSN": _imei,
    "+GSN": _imei,
    "+CIMI": _imsi,
    "+CNUM": _own_number,
    "+GCAP": fixed("+GCAP: +CGSM"),
    **{name: _iccid(name) for name in ("+CCID", "+CICCID", "+QCCID", "^ICCID", "+ZGETICCID")},
}
