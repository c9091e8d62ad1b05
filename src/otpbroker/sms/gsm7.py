"""The GSM 7-bit default alphabet with its extension table, and septet packing (3GPP TS 23.038 §6.1.2, §6.2.1)."""

import re
from codecs import charmap_decode
from typing import Final

from otpbroker.sms.national import LOCKING_SHIFT, SINGLE_SHIFT
from otpbroker.sms.pdu import PduError

ESCAPE: Final = 0x1B
_CARRIAGE_RETURN: Final = 0x0D


class _Encoding(dict[int, str]):
    """For str.translate: a character outside the alphabet becomes one that is not ASCII, which septets never are."""

    def __missing__(self, character: int) -> str:
        return "\xff"


_ENCODING: Final = _Encoding(
    {ord(character): chr(code) for code, character in enumerate(LOCKING_SHIFT[0]) if code != ESCAPE}
    | {ord(character): "\x1b" + chr(code) for code, character in SINGLE_SHIFT[0].items()}
)
_ESCAPED: Final = re.compile(rb"\x1b([\x00-\x7f]?)")


def septets(text: str) -> bytes | None:
    """One septet per byte, extension characters as an escape pair; None when a character is in neither table."""
    coded = text.translate(_ENCODING)
    return coded.encode("ascii") if coded.isascii() else None


def text(septets: bytes, locking: int = 0, single: int = 0) -> str:
    """The characters of `septets` under the national language tables named by their identifiers (Annex A).

    An unknown identifier means the default table. An escape to a code without an extension character shows
    the main table's character, a doubled escape or one at the end a space (§6.2.1.1 and its notes).
    """
    main = LOCKING_SHIFT.get(locking, LOCKING_SHIFT[0])
    extension = SINGLE_SHIFT.get(single, SINGLE_SHIFT[0])
    if ESCAPE not in septets:
        return charmap_decode(septets, "strict", main)[0]
    shown: list[str] = []
    end = 0
    for escape in _ESCAPED.finditer(septets):
        shown.append(charmap_decode(septets[end : escape.start()], "strict", main)[0])
        end = escape.end()
        code = escape[1][0] if escape[1] else ESCAPE
        shown.append(" " if code == ESCAPE else extension.get(code, main[code]))
    shown.append(charmap_decode(septets[end:], "strict", main)[0])
    return "".join(shown)


LONGEST: Final = 256


def _masks(width: int, used: int) -> tuple[int, int]:
    """The even and the odd fields of a row of `width`-bit fields, of which `used` bits count; `LONGEST` octets long."""
    pair = ((1 << used) - 1).to_bytes(2 * width // 8, "little")
    even = int.from_bytes(pair * (LONGEST // len(pair)), "little")
    return even, even << width


# Neighbours move together in three steps: 7 bits in 8 become 14 in 16, 28 in 32, 56 in 64.
_STEPS: Final = tuple((*_masks(8 * size, 7 * size), size) for size in (1, 2, 4))


def pack(septets: bytes) -> bytes:
    """Septets, one per byte, at most 256, in the fewest octets; spare bits are zero (§6.1.2.1.1)."""
    groups = -(-len(septets) // 8)
    if len(septets) > LONGEST:
        raise PduError(f"{len(septets)} septets are more than a message can have")
    bits = int.from_bytes(septets, "little")
    for even, odd, shift in _STEPS:
        bits = bits & even | (bits & odd) >> shift
    packed = bytearray(bits.to_bytes(8 * groups, "little"))
    del packed[7::8]
    return bytes(packed[: -(-len(septets) * 7 // 8)])


def unpack(octets: bytes, count: int) -> bytes:
    """The first `count` septets of `octets`, one per byte."""
    if count > LONGEST or count * 7 > len(octets) * 8:
        raise PduError(f"{count} septets do not fit in {len(octets)} octets")
    groups = -(-count // 8)
    padded = octets[: 7 * groups].ljust(7 * groups, b"\0")
    spread = bytearray(8 * groups)
    for place in range(7):
        spread[place::8] = padded[place::7]
    bits = int.from_bytes(spread, "little")
    for even, odd, shift in reversed(_STEPS):
        bits = bits & even | bits << shift & odd
    return bits.to_bytes(8 * groups, "little")[:count]


def pack_ussd(septets: bytes) -> bytes:
    """As `pack`, but seven spare bits are a carriage return, so that none reads them as `@` (§6.1.2.3.1)."""
    full = len(septets) % 8 == 7
    ends_so = len(septets) % 8 == 0 and septets.endswith(bytes((_CARRIAGE_RETURN,)))
    return pack(septets + bytes((_CARRIAGE_RETURN,)) if full or ends_so else septets)


def unpack_ussd(octets: bytes) -> bytes:
    """All septets of a USSD string; a carriage return that ends on the octet border is padding (§6.1.2.3.1)."""
    found = unpack(octets, len(octets) * 8 // 7)
    return found[:-1] if len(found) % 8 == 0 and found.endswith(bytes((_CARRIAGE_RETURN,))) else found
