"""Entries of a FAT folder: stored names, long ones (VFAT) and short ones in the case that NT notes. Pure."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from otpbroker.usbreset.volume import Item

SLOT: Final = 32
END: Final = 0x00
DELETED: Final = 0xE5
READ_ONLY: Final = 0x01
_LABEL: Final = 0x08
_FOLDER: Final = 0x10
_LONG: Final = 0x0F
_LAST: Final = 0x40
_MOST_PIECES: Final = 20
_LOWER_BASE: Final = 0x08
_LOWER_EXTENSION: Final = 0x10
_CHARS: Final = 13
_SHORT: Final = struct.Struct("<8s3sBBxHHxxHHHHI")


def items(slots: Iterable[tuple[int, bytes]]) -> Iterator[Item]:
    """`slots` are places and their 32 octets each."""
    long = _Long()
    for at, slot in slots:
        if slot[0] == END:
            return
        if slot[0] == DELETED:
            long.forget()
        elif slot[11] & 0x3F == _LONG:
            long.add(slot)
        else:
            yield _item(at, slot, long.name(slot[:11]))
            long.forget()


def _item(at: int, slot: bytes, long: str) -> Item:
    base, extension, attributes, case, _, _, high, time, date, low, size = _SHORT.unpack(slot)
    return Item(
        name=long or _short(base, extension, case),
        is_folder=attributes & (_FOLDER | _LABEL) == _FOLDER,
        is_file=not attributes & (_FOLDER | _LABEL),
        first=high << 16 | low,
        size=size,
        stamp=struct.pack("<HHHHI", date, time, high, low, size),
        at=at,
        read_only=bool(attributes & READ_ONLY),
    )


def _short(base: bytes, extension: bytes, case: int) -> str:
    """Octets beyond ASCII depend on the writer's code page; no name that is looked for has any."""
    name, suffix = (part.decode("latin-1").rstrip(" ") for part in (base, extension))
    name = name.lower() if case & _LOWER_BASE else name
    suffix = suffix.lower() if case & _LOWER_EXTENSION else suffix
    return f"{name}.{suffix}" if suffix else name


class _Long:
    """The pieces of a long name come last one first, before the short entry that they belong to."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._wanted = 0
        self._checksum = -1

    def forget(self) -> None:
        self._pieces, self._wanted = [], 0

    def add(self, slot: bytes) -> None:
        number = slot[0]
        if number & _LAST:
            self.forget()
            self._wanted, self._checksum = number & ~_LAST, slot[13]
        elif not self._pieces or number != self._wanted or slot[13] != self._checksum:
            self.forget()
            return
        if not 1 <= self._wanted <= _MOST_PIECES or slot[12] or slot[26:28] != b"\0\0":
            self.forget()
            return
        self._pieces.append(slot[1:11] + slot[14:26] + slot[28:32])
        self._wanted -= 1

    def name(self, short: bytes) -> str:
        """Empty where there is none, or it is not whole, or of another entry."""
        if not self._pieces or self._wanted or self._checksum != checksum(short):
            return ""
        name = b"".join(reversed(self._pieces)).decode("utf-16-le", errors="replace")
        return name.partition("\0")[0]


def checksum(short: bytes) -> int:
    """Of the eleven octets of a short name (Microsoft FAT specification, *ChkSum*)."""
    total = 0
    for octet in short:
        total = ((total & 1) << 7) + (total >> 1) + octet & 0xFF
    return total


def long_slots(name: str, short: bytes) -> list[bytes]:
    """The entries that give the short entry `short` its long name, in the order of the folder."""
    padded = name if len(name) % _CHARS == 0 else (name + "\0").ljust(-(-len(name) // _CHARS) * _CHARS, "\uffff")
    pieces = [padded[at : at + _CHARS].encode("utf-16-le") for at in range(0, len(padded), _CHARS)]
    numbers = [*range(1, len(pieces)), len(pieces) | _LAST]
    slots = [
        bytes([number]) + piece[:10] + bytes([_LONG, 0, checksum(short)]) + piece[10:22] + b"\0\0" + piece[22:]
        for number, piece in zip(numbers, pieces, strict=True)
    ]
    return slots[::-1]


def short_slot(short: bytes, first: int, size: int, dos_date: int, dos_time: int) -> bytes:
    """An archived file's entry."""
    return _SHORT.pack(
        short[:8], short[8:], 0x20, 0, dos_time, dos_date, first >> 16, dos_time, dos_date, first & 0xFFFF, size
    )
