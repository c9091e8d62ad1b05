"""TP-UDL and TP-UD: header and payload of a message (3GPP TS 23.040 §9.2.3.16, §9.2.3.24)."""

from typing import Final

from msgspec import Struct

from otpbroker.sms import gsm7, ucs2, udh
from otpbroker.sms.dcs import Alphabet, Dcs
from otpbroker.sms.pdu import PduError, Reader

MOST_OCTETS: Final = 140


class UserData(Struct, frozen=True):
    """`payload` is one septet per byte for GSM-7, else octets, always without the header."""

    alphabet: Alphabet
    payload: bytes
    header: udh.Udh = udh.NO_HEADER

    @property
    def text(self) -> str | None:
        """None for 8-bit data, which have no alphabet."""
        return decode_text(self.alphabet, self.payload, self.header)

    def __repr__(self) -> str:
        return f"<user data of {len(self.payload)}, {self.alphabet.name}>"


def decode_text(alphabet: Alphabet, payload: bytes, header: udh.Udh) -> str | None:
    """The text of a payload that may have come in several parts, whose header says the national tables."""
    if alphabet is Alphabet.GSM7:
        return gsm7.text(payload, header.locking_shift, header.single_shift)
    return ucs2.decode(payload) if alphabet is Alphabet.UCS2 else None


def encode(alphabet: Alphabet, payload: bytes, header: bytes = b"") -> tuple[int, bytes]:
    """TP-UDL and TP-UD of at most 140 octets; `header` is whole, with its length octet.

    GSM-7 text starts on a septet border behind the header, which takes whole septets from the count.
    """
    if alphabet is Alphabet.GSM7:
        blank = _septets_of(header)
        octets = header + gsm7.pack(bytes(blank) + payload)[len(header) :]
        length = blank + len(payload)
    else:
        octets = header + payload
        length = len(octets)
    if len(octets) > MOST_OCTETS:
        raise PduError(f"user data of {len(octets)} octets")
    return length, octets


def decode(reader: Reader, dcs: Dcs, *, has_header: bool) -> UserData:
    """Reads TP-UDL and TP-UD; compressed text (TS 23.042) is given as 8-bit data."""
    alphabet = Alphabet.DATA8 if dcs.compressed else dcs.alphabet
    length = reader.octet()
    octets = reader.take(-(-length * 7 // 8) if alphabet is Alphabet.GSM7 else length)
    if len(octets) > MOST_OCTETS:
        raise PduError(f"user data of {len(octets)} octets")
    header = _header(octets) if has_header else b""
    found = udh.decode(header[1:])
    if alphabet is not Alphabet.GSM7:
        return UserData(alphabet, octets[len(header) :], found)
    blank = _septets_of(header)
    if blank > length:
        raise PduError("the header is longer than the user data")
    return UserData(alphabet, gsm7.unpack(octets, length)[blank:], found)


def _septets_of(header: bytes) -> int:
    return -(-len(header) * 8 // 7)


def _header(octets: bytes) -> bytes:
    if not octets or octets[0] >= len(octets):
        raise PduError("the header is longer than the user data")
    return octets[: octets[0] + 1]
