"""Plain stand-ins for characters outside GSM-7: typographic signs by a table, accented letters by their base letter."""

import re
import unicodedata
from typing import Final

from otpbroker.sms import gsm7

# The keys are written as escapes, because these are the characters that cannot be told apart on a screen.
_SIGNS: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2039", "<"),
    **dict.fromkeys("\u203a", ">"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("\u2028\u2029\u0085", "\n"),
    "\u2026": "...",
    "\u2022": "*",
    "\u00b7": ".",
    "\u00d7": "x",
    "\u00a9": "(c)",
    "\u00ae": "(R)",
    "\u2122": "TM",
    "\u00b0": "o",
    "\u0131": "i",
    "\u0142": "l",
    "\u0141": "L",
    "\u0111": "d",
    "\u0110": "D",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u00fe": "th",
    "\u00de": "Th",
    "\u00f0": "d",
    "\u00d0": "D",
}


# A character with the accents that follow it.
_CLUSTER: Final = re.compile("[^\u0300-\u036f]?[\u0300-\u036f]*")


def to_gsm7(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`text` with stand-ins where GSM-7 has no character, and each replaced character with its stand-in, once.

    A character without a stand-in stays, so the result may still not fit.
    """
    clusters = _CLUSTER.findall(text)
    replaced: dict[str, str] = {}
    for cluster in dict.fromkeys(clusters):
        if not _fits(cluster) and (plain := _stand_in(cluster)) is not None:
            replaced[cluster] = plain
    return "".join(replaced.get(cluster, cluster) for cluster in clusters), tuple(replaced.items())


def _stand_in(cluster: str) -> str | None:
    composed = unicodedata.normalize("NFC", cluster)
    if composed in _SIGNS:
        return _SIGNS[composed]
    if _fits(composed):
        return composed
    decomposed = unicodedata.normalize("NFKD", composed)
    base = "".join(character for character in decomposed if not unicodedata.combining(character))
    return base if base and _fits(base) else None


def _fits(text: str) -> bool:
    return gsm7.septets(text) is not None
