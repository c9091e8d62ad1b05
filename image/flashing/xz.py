"""How large an .xz file is when it is unpacked, from the index at its end (the .xz file format, version 1.2.1). Pure.

A file of several streams is not told: whoever asks finds out while unpacking.
"""

import struct
from typing import Final

MAGIC: Final = b"\xfd7zXZ\x00"
FOOTER: Final = 12  # octets
_END: Final = b"YZ"


def index_octets(footer: bytes) -> int | None:
    """How long the index before this footer is (§2.1.2); None where it is none."""
    if len(footer) != FOOTER or not footer.endswith(_END):
        return None
    (stored,) = struct.unpack_from("<I", footer, 4)
    return int(stored + 1) * 4


def unpacked_octets(index: bytes) -> int | None:
    """The sum over the blocks (§4); None where it is no index."""
    try:
        if index[0] != 0:
            return None
        count, at = _number(index, 1)
        total = 0
        for _ in range(count):
            _, at = _number(index, at)
            size, at = _number(index, at)
            total += size
    except IndexError:
        return None
    return total


def _number(octets: bytes, at: int) -> tuple[int, int]:
    """A multibyte integer (§1.2), and where the next thing begins."""
    value = shift = 0
    while True:
        octet = octets[at]
        value |= (octet & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if octet < 0x80:
            return value, at
