"""One small file into a folder of a FAT volume, without mounting. In an order that leaves at worst a lost cluster:
content, allocation table, folder.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from otpbroker.usbreset.fat import FatVolume, Slot
from otpbroker.usbreset.fat_names import DELETED, END, SLOT, items, long_slots, short_slot
from otpbroker.usbreset.volume import Item

_INFO: Final = struct.Struct("<III")  # signature, free clusters, where to look next
_INFO_AT: Final = 484
_INFO_SIGNATURE: Final = 0x61417272
_MOST_LOOKED_AT: Final = 200_000  # clusters, for a free one


class NoRoom(Exception):
    """The volume or the folder is full, or what is there under that name is not ours to replace."""


@dataclass(frozen=True, slots=True)
class SmallFile:
    """`short` are the eleven octets of its short name, `date` and `time` as DOS writes them."""

    name: str
    short: bytes
    content: bytes
    date: int
    time: int


def put(volume: FatVolume, folder: Item, file: SmallFile) -> None:
    """Write `file` into `folder`, over one of that name that takes as many clusters. Raises `NoRoom`, `Broken`, or
    OSError (a stick that is write-protected, or gone).
    """
    slots = list(volume.slots(folder))
    there = next((each for each in items(slots) if each.name.lower() == file.name.lower()), None)
    if there is not None:
        _replace(volume, there, file)
        return
    if any(slot[:11] == file.short for _, slot in _used(slots)):
        raise NoRoom
    long = long_slots(file.name, file.short)
    places = _free_places(slots, len(long) + 1)
    first = _store(volume, file.content)
    entries = [*long, short_slot(file.short, first, len(file.content), file.date, file.time)]
    for at, entry in zip(places, entries, strict=True):
        volume.medium.write(at, entry)
    volume.medium.flush()


def _replace(volume: FatVolume, there: Item, file: SmallFile) -> None:
    if not there.is_file or there.read_only or not there.size:
        raise NoRoom
    count = _count(volume, file.content)
    clusters = list(volume.chain(volume.first(there), count * volume.plan.cluster))
    if len(clusters) != count:
        raise NoRoom
    _write(volume, clusters, file.content)
    slot = bytearray(volume.medium.read(there.at, SLOT))
    struct.pack_into("<HH", slot, 22, file.time, file.date)
    struct.pack_into("<I", slot, 28, len(file.content))
    volume.medium.write(there.at, bytes(slot))
    volume.medium.flush()


def _used(slots: list[Slot]) -> Iterator[Slot]:
    for at, slot in slots:
        if slot[0] == END:
            return
        if slot[0] != DELETED:
            yield at, slot


def _free_places(slots: list[Slot], count: int) -> list[int]:
    """Where that many entries fit one after the other: deleted ones, then those behind the end, which moves."""
    run: list[int] = []
    for index, (at, slot) in enumerate(slots):
        if slot[0] == END:
            end = index + count - len(run)
            if end > len(slots) or (end < len(slots) and slots[end][1][0] != END):
                break  # what lies behind would come to light
            return run + [place for place, _ in slots[index:end]]
        run = [*run, at] if slot[0] == DELETED else []
        if len(run) == count:
            return run
    raise NoRoom


def _store(volume: FatVolume, content: bytes) -> int:
    """In free clusters; the first of them."""
    count = _count(volume, content)
    clusters = list(islice(_free(volume), count))
    if len(clusters) < count:
        raise NoRoom
    _write(volume, clusters, content)
    for cluster, following in zip(clusters, [*clusters[1:], volume.end], strict=True):
        for table in volume.plan.fats:
            _set_entry(volume, table, cluster, following)
    _take_off(volume, clusters)
    volume.medium.flush()
    return clusters[0]


def _count(volume: FatVolume, content: bytes) -> int:
    return max(1, -(-len(content) // volume.plan.cluster))


def _write(volume: FatVolume, clusters: list[int], content: bytes) -> None:
    size, sector = volume.plan.cluster, volume.plan.sector
    for number, cluster in enumerate(clusters):
        piece = content[number * size : (number + 1) * size]
        volume.medium.write(volume.place(cluster), piece.ljust(-(-len(piece) // sector) * sector, b"\0"))
    volume.medium.flush()


def _free(volume: FatVolume) -> Iterator[int]:
    """Free clusters, first from where FAT32 says that some are."""
    last = volume.plan.clusters + 2
    info = _info(volume)
    first = info[2] if info and 2 <= info[2] < last else 2
    for cluster in islice(chain(range(first, last), range(2, first)), _MOST_LOOKED_AT):
        if volume.entry(cluster) == 0:
            yield cluster


def _set_entry(volume: FatVolume, table: int, cluster: int, value: int) -> None:
    bits = volume.plan.bits
    if bits == 12:
        at, shift = table + cluster * 3 // 2, 4 * (cluster & 1)
        (pair,) = struct.unpack("<H", volume.medium.read(at, 2))
        volume.medium.write(at, struct.pack("<H", pair & ~(0xFFF << shift) & 0xFFFF | value << shift))
        return
    at, size = table + cluster * bits // 8, bits // 8
    kept = int.from_bytes(volume.medium.read(at, size), "little") & ~volume.end
    volume.medium.write(at, (kept | value).to_bytes(size, "little"))


def _info(volume: FatVolume) -> tuple[int, int, int] | None:
    if not volume.plan.info:
        return None
    signature, free, following = _INFO.unpack(volume.medium.read(volume.plan.info + _INFO_AT, _INFO.size))
    return (signature, free, following) if signature == _INFO_SIGNATURE else None


def _take_off(volume: FatVolume, clusters: list[int]) -> None:
    """From FAT32's count of free clusters, where there is one."""
    info = _info(volume)
    if info is not None and len(clusters) <= info[1] <= volume.plan.clusters:
        octets = _INFO.pack(info[0], info[1] - len(clusters), clusters[-1])
        volume.medium.write(volume.plan.info + _INFO_AT, octets)
