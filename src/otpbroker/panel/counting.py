"""What a text would become as SMS, by the codec's own rules, for the counter beside the box."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from otpbroker.errors import BrokerError
from otpbroker.sms import gsm7, transliterate
from otpbroker.sms.dcs import Alphabet
from otpbroker.sms.segment import MOST_PARTS, measure

_MOST_SHOWN: Final = 20
_MOST_COUNTED: Final = 20_000
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """`left`: characters that still fit into the last part; `units` as the alphabet counts them. `beyond`: what GSM-7
    has not, as people can read it. `replaced`: what transliteration changes; `could_be` what it would change, and make
    of the text `could_parts` parts, where it is off.
    """

    alphabet: str
    parts: int
    characters: int
    units: int
    left: int
    beyond: tuple[str, ...] = ()
    more_beyond: int = 0
    replaced: Pairs = ()
    could_be: Pairs = ()
    could_parts: int = 0

    @property
    def is_too_long(self) -> bool:
        return self.parts > MOST_PARTS


def count(text: str, *, transliterating: bool) -> Count:
    """Raises `BrokerError` for what is no text."""
    text = text[:_MOST_COUNTED]
    found = measure(text, transliterate=transliterating)
    plain, replaced = transliterate.to_gsm7(text)
    would_fit = bool(plain) and gsm7.septets(plain) is not None
    beyond = () if found.alphabet is Alphabet.GSM7 else _beyond(text)
    could = found.alphabet is Alphabet.UCS2 and would_fit
    return Count(
        alphabet="GSM-7" if found.alphabet is Alphabet.GSM7 else "UCS-2",
        parts=found.parts,
        characters=len(text),
        units=found.units,
        left=found.units_left,
        beyond=tuple(map(shown, beyond[:_MOST_SHOWN])),
        more_beyond=max(0, len(beyond) - _MOST_SHOWN),
        replaced=_readable(replaced) if transliterating and would_fit else (),
        could_be=_readable(replaced) if could else (),
        could_parts=measure(plain).parts if could else 0,
    )


def counted(text: str, *, transliterating: bool) -> Count | None:
    """As `count`; None for what is no text."""
    try:
        return count(text, transliterating=transliterating)
    except BrokerError:
        return None


def _beyond(text: str) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(text) if gsm7.septets(each) is None)


def _readable(pairs: Pairs) -> Pairs:
    return tuple((shown(old), new or "–") for old, new in pairs[:_MOST_SHOWN])


def shown(characters: str) -> str:
    """As it is where it can be seen, else by its name."""
    if characters.isprintable() and not characters.isspace() and not unicodedata.combining(characters[0]):
        return characters
    return " ".join(f"U+{ord(each):04X}" for each in characters)
