"""The partitions of a stick: MBR with logical ones (types 05, 0F, 85), and GPT (UEFI 2.10 §5)."""

import contextlib
import struct
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from otpbroker.usbreset.medium import Broken, Medium, Part

MOST: Final = 16
_EXTENDED: Final = (0x05, 0x0F, 0x85)
_PROTECTIVE: Final = 0xEE
_MBR_ENTRY: Final = struct.Struct("<BxxxBxxxII")  # status, type, first sector, sectors
_GPT_HEADER: Final = struct.Struct("<8sIIIxxxxQQQQ16sQIII")
_GPT_ENTRY: Final = struct.Struct("<16s16sQQ")
_MOST_GPT_ENTRIES: Final = 128
_MOST_GPT_ENTRY_OCTETS: Final = 1024


class _Slot(NamedTuple):
    kind: int
    first: int
    sectors: int


def partitions(medium: Medium) -> list[Part]:
    """At most `MOST`, in the order of the table; none where there is no table. Raises OSError."""
    found: list[Part] = []
    with contextlib.suppress(Broken):
        slots = _slots(medium, 0)
        each = _gpt(medium) if any(slot.kind == _PROTECTIVE for slot in slots) else _mbr(medium, slots)
        for first, count in islice(each, MOST):
            with contextlib.suppress(Broken):
                found.append(Part(medium, first * medium.sector, count * medium.sector))
    return found


def _mbr(medium: Medium, slots: list[_Slot]) -> Iterator[tuple[int, int]]:
    for slot in slots:
        if slot.kind in _EXTENDED:
            yield from _logical(medium, slot.first)
        else:
            yield slot.first, slot.sectors


def _logical(medium: Medium, extended: int) -> Iterator[tuple[int, int]]:
    """A chain of tables; each tells one partition, and where the next table is."""
    table = extended
    for _ in range(MOST):
        following = 0
        for slot in _slots(medium, table):
            if slot.kind in _EXTENDED:
                following = slot.first
            else:
                yield table + slot.first, slot.sectors
        if not following:
            return
        table = extended + following


def _slots(medium: Medium, sector: int) -> list[_Slot]:
    """The used slots of the table in that sector."""
    octets = medium.read(sector * medium.sector, 512)
    if octets[510:] != b"\x55\xaa":
        raise Broken
    slots = [_MBR_ENTRY.unpack_from(octets, 446 + 16 * at) for at in range(4)]
    if any(status not in (0, 0x80) for status, *_ in slots):
        raise Broken
    return [_Slot(kind, first, sectors) for _, kind, first, sectors in slots if kind and sectors]


def _gpt(medium: Medium) -> Iterator[tuple[int, int]]:
    octets = medium.read(medium.sector, 512)
    signature, _, size, crc, _, _, _, _, _, table, count, entry_size, table_crc = _GPT_HEADER.unpack_from(octets)
    if signature != b"EFI PART" or not _GPT_HEADER.size <= size <= 512 or crc != _header_crc(octets[:size]):
        raise Broken
    if count > _MOST_GPT_ENTRIES or not 128 <= entry_size <= _MOST_GPT_ENTRY_OCTETS:
        raise Broken
    entries = medium.read(table * medium.sector, count * entry_size)
    if zlib.crc32(entries) != table_crc:
        raise Broken
    for at in range(0, len(entries), entry_size):
        kind, _, first, last = _GPT_ENTRY.unpack_from(entries, at)
        if any(kind) and last >= first:
            yield first, last - first + 1


def _header_crc(header: bytes) -> int:
    """With its own field zero."""
    return zlib.crc32(header[:16] + b"\0\0\0\0" + header[20:])
