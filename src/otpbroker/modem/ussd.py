"""USSD sessions (3GPP TS 27.007 §7.15) and the codings of their answers (3GPP TS 23.038 §5)."""

import contextlib
import re
import time

from otpbroker.modem.at import AtChannel, Refused, Silence
from otpbroker.modem.contract import Blame, ModemError
from otpbroker.modem.fields import fields, number
from otpbroker.modem.urcs import is_hex
from otpbroker.sms import gsm7, ucs2
from otpbroker.sms.pdu import PduError
from otpbroker.verbs.dispatch import UssdAnswer

TIMEOUT = 5
NOT_SUPPORTED = 4
_CODE = re.compile(r"[0-9*#+]{1,160}")
_PREFIX = "+CUSD:"
_DEFAULT_DCS = 15
_LANGUAGE_THEN_GSM7, _LANGUAGE_THEN_UCS2 = 0x10, 0x11
_PLAIN = re.compile(r"[\x20-\x7e\r\n]+")


class UssdClient:
    """USSD over one channel; learns whether the modem wants codes as text or as packed GSM-7 in hex digits."""

    def __init__(self, at: AtChannel, modem_id: str, *, packed: bool) -> None:
        self._at = at
        self._modem_id = modem_id
        self._packed = packed

    def ask(self, code: str, timeout_s: float) -> UssdAnswer:
        """Run `code`, or answer a running session with it. Status 5 when no answer came in time."""
        if _CODE.fullmatch(code) is None:
            raise ModemError(Blame.MESSAGE, "modem.ussd_invalid")
        until = time.monotonic() + timeout_s
        try:
            answer = self._ask(code, until)
        except Refused:
            self._packed = not self._packed
            return self._ask(code, until)
        if answer.status == NOT_SUPPORTED and code[0] in "*#":
            # A modem that expects the other form has sent the network something that nobody dialled.
            self._packed = not self._packed
            answer = self._ask(code, until)
            self._packed = self._packed if answer.status != NOT_SUPPORTED else not self._packed
        return answer

    def cancel(self) -> None:
        self._at.command("AT+CUSD=2")

    def _ask(self, code: str, until: float) -> UssdAnswer:
        self._forget_answers()
        sent = gsm7.pack_ussd(code.encode("ascii")).hex().upper() if self._packed else code
        try:
            self._at.command(f'AT+CUSD=1,"{sent}",{_DEFAULT_DCS}', "", max(0.1, until - time.monotonic()))
        except Silence:
            self._at.resync()
        while (line := self._answer()) is None:
            left = until - time.monotonic()
            if left <= 0:
                return self._timed_out()
            self._at.pump(left)
        return parse(line, self._modem_id, packed=self._packed)

    def _timed_out(self) -> UssdAnswer:
        with contextlib.suppress(Refused):  # no session is open
            self.cancel()
        return UssdAnswer(modem=self._modem_id, status=TIMEOUT, text="")

    def _answer(self) -> str | None:
        line = next((urc for urc in self._at.urcs if urc.startswith(_PREFIX)), None)
        if line is not None:
            self._at.urcs.remove(line)
        return line

    def _forget_answers(self) -> None:
        while self._answer() is not None:
            pass


def parse(line: str, modem_id: str, *, packed: bool) -> UssdAnswer:
    """`+CUSD: <status>[,"<text>"[,<dcs>]]`; the text may hold quotes, commas and line ends."""
    head, quote, rest = line.removeprefix(_PREFIX).partition('"')
    status = number(fields(head)[0])
    text, dcs = "", _DEFAULT_DCS
    if quote:
        text, _, tail = rest.rpartition('"')
        stated = number(tail.strip(" ,"))
        dcs = _DEFAULT_DCS if stated is None else stated
    return UssdAnswer(modem=modem_id, status=0 if status is None else status, text=decode(text, dcs, packed=packed))


def decode(text: str, dcs: int, *, packed: bool) -> str:
    """What people should read, from text, UCS-2 in hex or packed GSM-7 in hex, whichever it is.

    Makers do not agree on what the coding octet means for the text they show, so hex digits are only taken for a
    coding where the result reads well.
    """
    octets = bytes.fromhex(text) if text and is_hex(text) else b""
    if not octets:
        return _as_it_is(text)
    if _is_ucs2(dcs):
        return ucs2.decode(octets[2:] if dcs == _LANGUAGE_THEN_UCS2 else octets) if len(octets) % 2 == 0 else text
    if len(octets) % 2 == 0 and not any(octets[0::2]):
        return ucs2.decode(octets)
    readable = _unpacked(octets)
    if packed or (re.search("[A-Fa-f]", text) and _PLAIN.fullmatch(readable)):
        return readable[3:] if dcs == _LANGUAGE_THEN_GSM7 else readable
    return text


def _is_ucs2(dcs: int) -> bool:
    return dcs == _LANGUAGE_THEN_UCS2 or (dcs & 0xC0 == 0x40 and dcs & 0x0C == 0x08)


def _unpacked(octets: bytes) -> str:
    try:
        septets = gsm7.unpack_ussd(octets)
    except PduError:
        return ""
    if len(septets) % 8 == 0 and septets.endswith(b"\0"):  # seven spare bits left zero, which would read as @
        septets = septets[:-1]
    return gsm7.text(septets)


def _as_it_is(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text
