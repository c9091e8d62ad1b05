"""What other libraries put into messages and pika does not expect: without this, one such message ends every connection
that it comes over, and nothing behind it ever arrives.
"""

import struct
from typing import Any, Final

from pika import data

_TIME: Final = b"T"
_of_pika: Final = data.decode_value


def _decode_value(encoded: bytes, offset: int) -> tuple[Any, int]:
    """A header's value; a time that Python cannot tell (milliseconds taken for seconds, often) as a plain number."""
    try:
        value: tuple[Any, int] = _of_pika(encoded, offset)
    except (ValueError, OverflowError, OSError):
        if encoded[offset : offset + 1] != _TIME:
            raise
        return struct.unpack_from(">Q", encoded, offset + 1)[0], offset + 9
    return value


def read_any_time() -> None:
    """From now on pika reads every time in a header."""
    data.decode_value = _decode_value


def text(octets: str | bytes | None) -> str:
    """A property, which pika gives as it came where that is no UTF-8; `raw` is the way back."""
    return octets.decode("utf-8", "surrogateescape") if isinstance(octets, bytes) else octets or ""


def raw(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")
