"""A text into the parts that carry it: GSM-7 where every character fits, else UCS-2 (3GPP TS 23.040 §9.2.3.24.1)."""

import secrets
from itertools import count, pairwise
from typing import Final, NamedTuple

from msgspec import Struct

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText
from otpbroker.sms import gsm7, transliterate, ucs2, udh, user_data
from otpbroker.sms.dcs import Alphabet
from otpbroker.sms.pdu import PduError

MOST_PARTS: Final = 10
# Bytes of a coded text (septets, or two octets per unit): alone in a message, and beside a concatenation header.
_SINGLE: Final = {Alphabet.GSM7: 160, Alphabet.UCS2: 140}
_MULTI: Final = {Alphabet.GSM7: 153, Alphabet.UCS2: 134}
_UNIT: Final = {Alphabet.GSM7: 1, Alphabet.UCS2: 2}

Replaced = tuple[tuple[str, str], ...]


class Segment(Struct, frozen=True):
    """One part, coded: `udl` and `octets` are TP-UDL and TP-UD as they go on the air.

    `reference` is None for a message of one part; `replaced` names what transliteration changed in the whole message,
    each character once with its substitute.
    """

    alphabet: Alphabet
    udl: int
    octets: bytes
    sequence: int = 1
    total: int = 1
    reference: int | None = None
    replaced: Replaced = ()

    def __repr__(self) -> str:
        return f"<part {self.sequence}/{self.total}, {self.alphabet.name}, {len(self.octets)} octets>"


class Measure(NamedTuple):
    """`units` are septets or UTF-16 units; `units_left` still fit into the last part."""

    alphabet: Alphabet
    parts: int
    units: int
    units_left: int


class References:
    """Concatenation references: a random start, each next one different from the 255 before; safe between threads."""

    def __init__(self) -> None:
        self._count = count(secrets.randbelow(256))

    def take(self) -> int:
        return next(self._count) & 0xFF


_references: Final = References()


def segments(text: MessageText | str, *, reference: int | None = None, transliterate: bool = False) -> list[Segment]:
    """The parts of `text` in order, 1 to 10.

    `reference` (0 to 255) is chosen freshly where it is None. With `transliterate`, what GSM-7 has not is replaced
    where that makes the whole text fit GSM-7, and the parts say so; else the text stays as it is.
    Raises `BrokerError`: INVALID_REQUEST for an empty text or half a surrogate pair, TOO_LONG above 10 parts.
    """
    alphabet, coded, replaced = _code(_revealed(text), transliterate)
    if not coded:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "sms.empty_text")
    if len(coded) <= _SINGLE[alphabet]:
        return [Segment(alphabet, *user_data.encode(alphabet, coded), replaced=replaced)]
    borders = _borders(alphabet, coded)
    total = len(borders) - 1
    if total > MOST_PARTS:
        raise BrokerError(ResponseCode.TOO_LONG, "sms.too_long", parts=total, most=MOST_PARTS)
    common = _references.take() if reference is None else reference
    parts = []
    for sequence, (start, end) in enumerate(pairwise(borders), 1):
        header = udh.concatenation(udh.Concatenation(common, total, sequence))
        udl, octets = user_data.encode(alphabet, coded[start:end], header)
        parts.append(Segment(alphabet, udl, octets, sequence, total, common, replaced))
    return parts


def refuse_hopeless(text: MessageText) -> None:
    """TOO_LONG where a text has so many characters that no alphabet could bring it into 10 parts; costs nothing."""
    fewest = -(-len(text) // _MULTI[Alphabet.GSM7])
    if fewest > MOST_PARTS:
        raise BrokerError(ResponseCode.TOO_LONG, "sms.too_long", parts=fewest, most=MOST_PARTS)


def measure(text: MessageText | str, *, transliterate: bool = False) -> Measure:
    """What `segments` would make of `text`, for a counter beside an input box; an empty text has 0 parts.

    There is no limit to the parts; half a surrogate pair raises `BrokerError` as there.
    """
    alphabet, coded, _ = _code(_revealed(text), transliterate)
    unit = _UNIT[alphabet]
    if len(coded) <= _SINGLE[alphabet]:
        return Measure(alphabet, min(len(coded), 1), len(coded) // unit, (_SINGLE[alphabet] - len(coded)) // unit)
    borders = _borders(alphabet, coded)
    left = _MULTI[alphabet] - (borders[-1] - borders[-2])
    return Measure(alphabet, len(borders) - 1, len(coded) // unit, left // unit)


def _revealed(text: MessageText | str) -> str:
    return text if isinstance(text, str) else text.reveal()


def _code(text: str, transliterating: bool) -> tuple[Alphabet, bytes, Replaced]:
    septets = gsm7.septets(text)
    if septets is not None:
        return Alphabet.GSM7, septets, ()
    if transliterating:
        plain, replaced = transliterate.to_gsm7(text)
        septets = gsm7.septets(plain)
        if septets:
            return Alphabet.GSM7, septets, replaced
    try:
        return Alphabet.UCS2, ucs2.encode(text), ()
    except PduError:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "sms.half_surrogate") from None


def _borders(alphabet: Alphabet, coded: bytes) -> list[int]:
    """Where parts begin and the last one ends; never inside an escape pair or a surrogate pair."""
    borders = [0]
    while borders[-1] < len(coded):
        end = min(borders[-1] + _MULTI[alphabet], len(coded))
        if end < len(coded):
            if alphabet is Alphabet.GSM7 and coded[end - 1] == gsm7.ESCAPE:
                end -= 1
            elif alphabet is Alphabet.UCS2 and coded[end - 2] & 0xFC == 0xD8:
                end -= 2
        borders.append(end)
    return borders
