"""The network's side of SMS: TPDUs for a simulated modem (3GPP TS 23.040 §9.2.2), and a first look at submits.

Written apart from `otpbroker.sms` on purpose: it checks that codec instead of repeating it. Text goes out in the GSM
alphabet when it consists of characters whose GSM and ASCII codes are equal, else in UCS-2.
"""

import datetime as dt
import string
from typing import NamedTuple

HOME_ZONE = dt.timezone(dt.timedelta(hours=7))
SAME_IN_GSM = frozenset(string.ascii_letters + string.digits + " !\"#%&'()*+,-./:;<=>?\n\r")
SINGLE = {"gsm": 160, "ucs2": 140}
PART = {"gsm": 153, "ucs2": 134}


class SubmitHead(NamedTuple):
    """The start of an SMS-SUBMIT as dialled: `da` is the address field with its length octet."""

    status_report: bool
    tp_mr: int
    da: bytes
    number: str


def submit_head(pdu: bytes, length: int) -> SubmitHead:
    """Reads a PDU-mode submit whose TPDU must have `length` octets; ValueError when it is not one (§9.2.2.2)."""
    tpdu = pdu[pdu[0] + 1 :] if pdu else b""
    if len(tpdu) != length or length < 8 or tpdu[0] & 0x03 != 0x01:
        raise ValueError
    digits = tpdu[2]
    octets = (digits + 1) // 2
    validity = (0, 7, 1, 7)[tpdu[0] >> 3 & 3]
    tail = tpdu[4 + octets :]
    if not 0 < digits <= 20 or len(tail) < 3 + validity:
        raise ValueError
    dcs, udl = tail[1], tail[2 + validity]
    septets = dcs & 0x0C == 0 or dcs & 0xF4 == 0xF0
    if len(tail) - 3 - validity != ((udl * 7 + 7) // 8 if septets else udl):
        raise ValueError
    number = tpdu[4 : 4 + octets].hex()
    swapped = "".join(number[i + 1] + number[i] for i in range(0, len(number), 2))
    return SubmitHead(bool(tpdu[0] & 0x20), tpdu[1], tpdu[2 : 4 + octets], swapped[:digits])


def submit(number: str, text: str) -> tuple[str, int]:
    """An SMS-SUBMIT for what came in text mode, and the length of its TPDU."""
    octets, dcs, length = _user_data(text)
    tpdu = b"\x01\x00" + address(number) + bytes((0, dcs, length)) + octets
    return "00" + tpdu.hex().upper(), len(tpdu)


def _pieces(text: str, coding: str, size: int) -> list[str]:
    """Cut so that each piece takes at most `size` septets or octets; a character beyond the BMP takes four octets."""
    pieces, room = [""], size
    for character in text:
        weight = 1 if coding == "gsm" else 4 if character > "\uffff" else 2
        if weight > room:
            pieces.append("")
            room = size
        pieces[-1] += character
        room -= weight
    return pieces


def deliver(sender: str, text: str, when: dt.datetime, reference: int = 0) -> list[str]:
    """SMS-DELIVER PDUs (§9.2.2.1) with an empty service centre; long texts in several parts with `reference`."""
    coding = "gsm" if SAME_IN_GSM.issuperset(text) else "ucs2"
    pieces = _pieces(text, coding, SINGLE[coding])
    if len(pieces) == 1:
        return [_deliver(sender, text, when, b"")]
    pieces = _pieces(text, coding, PART[coding])
    return [
        _deliver(sender, piece, when, bytes((5, 0, 3, reference & 0xFF, len(pieces), index)))
        for index, piece in enumerate(pieces, 1)
    ]


def status_report(tp_mr: int, da: bytes, when: dt.datetime, status: int) -> tuple[str, int]:
    """An SMS-STATUS-REPORT (§9.2.2.3) and the length of its TPDU."""
    tpdu = bytes((0x06, tp_mr)) + da + timestamp(when) * 2 + bytes((status,))
    return "00" + tpdu.hex().upper(), len(tpdu)


def address(number: str) -> bytes:
    """§9.1.2.5: digits, international when they begin with `+`; letters become an alphanumeric address."""
    digits = number.removeprefix("+")
    if not digits.isdigit():
        packed = pack(number.encode("ascii"))
        return bytes(((len(number) * 7 + 3) // 4, 0xD0)) + packed
    kind = 0x91 if number.startswith("+") else 0x81
    return bytes((len(digits), kind)) + _semi_octets(digits)


def timestamp(when: dt.datetime) -> bytes:
    """§9.2.3.11: the time of day in Jakarta, and its zone."""
    return _semi_octets(when.astimezone(HOME_ZONE).strftime("%y%m%d%H%M%S") + "28")


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """TS 23.038 §6.1.2.1.1."""
    bits = fill_bits
    value = 0
    for septet in septets:
        value |= septet << bits
        bits += 7
    return value.to_bytes((bits + 7) // 8, "little")


def _deliver(sender: str, text: str, when: dt.datetime, udh: bytes) -> str:
    octets, dcs, length = _user_data(text, udh)
    first = 0x44 if udh else 0x04
    tpdu = bytes((first,)) + address(sender) + bytes((0, dcs)) + timestamp(when) + bytes((length,)) + octets
    return "00" + tpdu.hex().upper()


def _user_data(text: str, udh: bytes = b"") -> tuple[bytes, int, int]:
    if not SAME_IN_GSM.issuperset(text):
        octets = udh + text.encode("utf-16-be", "surrogatepass")
        return octets, 8, len(octets)
    header_septets = (len(udh) * 8 + 6) // 7
    fill_bits = header_septets * 7 - len(udh) * 8
    return udh + pack(text.encode("ascii"), fill_bits), 0, header_septets + len(text)


def _semi_octets(digits: str) -> bytes:
    even = digits + "F" * (len(digits) % 2)
    return bytes.fromhex("".join(even[i + 1] + even[i] for i in range(0, len(even), 2)))
