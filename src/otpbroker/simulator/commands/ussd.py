"""USSD sessions (3GPP TS 27.007 §7.15): the replies are a table of paths, `*123#` and then `*123#/2`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from otpbroker.simulator.air import pack
from otpbroker.simulator.commands.base import Handler, fields
from otpbroker.simulator.commands.identity import need_sim
from otpbroker.simulator.knobs import UssdReply

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem

DCS_GSM7, DCS_UCS2 = 15, 72


def _ussd(modem: SimulatedModem, value: str) -> list[str]:
    session = modem.session
    if value == "?":
        return [f"+CUSD: {session.ussd_reporting}"]
    if value == "=?":
        return ["+CUSD: (0-2)"]
    reporting, *request = fields(value)
    if reporting == "2":
        session.ussd_path = ""
        return []
    session.ussd_reporting = int(reporting or 0)
    if request and request[0]:
        need_sim(modem)
        _ask(modem, _request_text(modem, request[0]))
    return []


def _ask(modem: SimulatedModem, text: str) -> None:
    session = modem.session
    path = f"{session.ussd_path}/{text}" if session.ussd_path else text
    reply = modem.knobs.ussd.get(path, UssdReply("", status=4))
    session.ussd_path = path if reply.status == 1 else ""
    modem.later(reply.delay_s, lambda: modem.urc(_line(reply)))


def _request_text(modem: SimulatedModem, given: str) -> str:
    """The dialled text out of what the character set or the maker's habit made of it."""
    if modem.session.scs == "UCS2":
        return bytes.fromhex(given).decode("utf-16-be")
    if modem.knobs.ussd_packed:
        bits = int.from_bytes(bytes.fromhex(given), "little")
        septets = bytes(bits >> shift & 0x7F for shift in range(0, len(given) * 4 - 6, 7))
        return septets.decode("ascii").rstrip("\0\r")
    return given


def _line(reply: UssdReply) -> str:
    if not reply.text:
        return f"+CUSD: {reply.status}"
    if reply.coding == "ucs2":
        return f'+CUSD: {reply.status},"{reply.text.encode("utf-16-be").hex().upper()}",{DCS_UCS2}'
    if reply.coding == "packed":
        return f'+CUSD: {reply.status},"{pack(reply.text.encode("ascii")).hex().upper()}",{DCS_GSM7}'
    return f'+CUSD: {reply.status},"{reply.text}",{DCS_GSM7}'


HANDLERS: dict[str, Handler] = {"+CUSD": _ussd}
