"""The text that a reset stick must carry (SPEC §8)."""

import codecs
import hmac
from typing import Final

from otpbroker.secrets import Secret

MOST_OCTETS: Final = 64  # of the file
DEFAULT: Final = "?" * 16  # as the product's document prints it
_LEAST: Final = 8  # characters: a damaged file must not make the device easier to reset
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def matches(octets: bytes, wanted: Secret) -> bool:
    """Whether a file's octets are `wanted`, but for white space around it and a byte-order mark; in constant time."""
    found = _stripped(octets)
    text = wanted.reveal()
    return len(text) >= _LEAST and hmac.compare_digest(found.encode(errors="replace"), text.encode())


def _stripped(octets: bytes) -> str:
    for mark, encoding in _MARKS:
        if octets.startswith(mark):
            return octets[len(mark) :].decode(encoding, errors="replace").strip()
    return octets.decode(errors="replace").strip()
