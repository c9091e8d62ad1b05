"""Addresses in PDUs: TP-DA, TP-OA, TP-RA and the service centre's (3GPP TS 23.040 §9.1.2.5, TS 24.011 §8.2.5.1)."""

import re
from typing import Final

from msgspec import Struct

from otpbroker.sms import gsm7
from otpbroker.sms.pdu import PduError, Reader

INTERNATIONAL: Final = 0x91
UNKNOWN: Final = 0x81
ALPHANUMERIC: Final = 0xD0
MOST_DIGITS: Final = 20
_DIALLED: Final = re.compile(r"[0-9*#]{1,20}", re.ASCII)
_NIBBLES: Final = str.maketrans("*#", "AB")
_SHOWN: Final = str.maketrans("abcde", "*#abc")


class Address(Struct, frozen=True):
    """`value` is digits (without `+`) or, for an alphanumeric sender, text; `toa` the type-of-address octet."""

    value: str
    toa: int = INTERNATIONAL

    @property
    def international(self) -> bool:
        return self.toa & 0x70 == 0x10

    @property
    def alphanumeric(self) -> bool:
        return self.toa & 0x70 == 0x50

    def __repr__(self) -> str:
        return f"<address of {len(self.value)}, type 0x{self.toa:02X}>"


def encode(address: Address) -> bytes:
    """The address field of a TPDU: its length in useful semi-octets, type, and value of at most 10 octets."""
    if address.alphanumeric:
        return _encode_alphanumeric(address)
    return bytes((len(address.value), address.toa)) + _semi_octets(address.value)


def encode_smsc(digits: str | None) -> bytes:
    """The service centre's address before a TPDU, counted in octets; None leaves it to the SIM."""
    if digits is None:
        return b"\0"
    value = _semi_octets(digits)
    return bytes((len(value) + 1, INTERNATIONAL)) + value


def decode(reader: Reader) -> Address:
    """Reads one address field of a TPDU."""
    length = reader.octet()
    if length > MOST_DIGITS:
        raise PduError(f"an address of {length} semi-octets")
    toa = reader.octet()
    value = reader.take((length + 1) // 2)
    if toa & 0x70 == 0x50:
        return Address(_alphanumeric(value, length), toa)
    return Address(_digits(value)[:length], toa)


def decode_smsc(reader: Reader) -> Address | None:
    """Reads the service centre's address before a TPDU; None where the modem gives none."""
    length = reader.octet()
    if length == 0:
        return None
    if length > 1 + MOST_DIGITS // 2:
        raise PduError(f"a service centre address of {length} octets")
    toa = reader.octet()
    return Address(_digits(reader.take(length - 1)).rstrip("f"), toa)


def _encode_alphanumeric(address: Address) -> bytes:
    septets = gsm7.septets(address.value)
    if not septets or len(septets) > MOST_DIGITS * 4 // 7:
        raise PduError("an alphanumeric address has 1 to 11 characters of GSM-7")
    semi_octets = -(-len(septets) * 7 // 4)
    return bytes((semi_octets, address.toa)) + gsm7.pack(septets)


def _alphanumeric(value: bytes, length: int) -> str:
    """Of 7 characters many centres count 14 semi-octets, not 13: the eighth septet is fill, and reads as `@`."""
    name = gsm7.text(gsm7.unpack(value, length * 4 // 7))
    return name.removesuffix("@") if length == 14 else name


def _semi_octets(digits: str) -> bytes:
    if not _DIALLED.fullmatch(digits):
        raise PduError("an address has 1 to 20 digits")
    if len(digits) % 2:
        digits += "F"
    swapped = [""] * len(digits)
    swapped[0::2] = digits[1::2]
    swapped[1::2] = digits[0::2]
    return bytes.fromhex("".join(swapped).translate(_NIBBLES))


def _digits(semi_octets: bytes) -> str:
    printed = semi_octets.hex()
    swapped = [""] * len(printed)
    swapped[0::2] = printed[1::2]
    swapped[1::2] = printed[0::2]
    return "".join(swapped).translate(_SHOWN)
