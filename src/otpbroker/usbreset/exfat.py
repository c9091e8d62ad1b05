"""exFAT, read without mounting (Microsoft exFAT specification, revision 1.00)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from otpbroker.usbreset.medium import Broken, Medium
from otpbroker.usbreset.volume import Item

_BOOT: Final = struct.Struct("<3s8s53sQQIIIIIIHHBBB")
_BOOT_SECTORS: Final = 11  # what the checksum in the twelfth is of
_UNCHECKED: Final = (106, 107, 112)  # flags and percentage in use
_SLOT: Final = 32
_FILE: Final = 0x85
_STREAM: Final = 0xC0
_NAME: Final = 0xC1
_SECONDARY: Final = 0xC0
_FOLDER: Final = 0x10
_NO_FAT_CHAIN: Final = 0x02
_MOST_FOLDER_OCTETS: Final = 65536 * _SLOT
_END: Final = 0xFFFF_FFF8
_STREAM_SLOT: Final = struct.Struct("<BBxBHxxQxxxxIQ")  # type, flags, letters, hash, valid, first, size


@dataclass(frozen=True, slots=True)
class Layout:
    sector: int
    cluster: int
    fat: int
    data: int
    clusters: int
    root: int
    serial: int


def layout(boot: bytes, size: int) -> Layout | None:
    """As FAT's."""
    jump, name, zeros, _, length, fat, fat_sectors, heap, clusters, root, serial, revision, flags, bps, spc, fats = (
        _BOOT.unpack_from(boot)
    )
    if (jump, name) != (b"\xeb\x76\x90", b"EXFAT   ") or any(zeros) or boot[510:512] != b"\x55\xaa":
        return None
    if revision >> 8 != 1 or not 9 <= bps <= 12 or spc > 25 - bps or fats not in (1, 2):
        return None
    active = flags & 1 if fats == 2 else 0
    if length << bps > size or heap + (clusters << spc) > length or (clusters + 2) * 4 > fat_sectors << bps:
        return None
    place = (fat + active * fat_sectors) << bps
    return Layout(1 << bps, 1 << bps + spc, place, heap << bps, clusters, root, serial)


class ExfatVolume:
    def __init__(self, medium: Medium, plan: Layout) -> None:
        self._medium = medium
        self._plan = plan

    @classmethod
    def open(cls, medium: Medium, boot: bytes) -> "ExfatVolume | None":
        """Raises `Broken` where its boot region has another checksum."""
        plan = layout(boot, medium.size)
        if plan is None:
            return None
        region = medium.read(0, _BOOT_SECTORS * plan.sector)
        if medium.read(_BOOT_SECTORS * plan.sector, 4) != struct.pack("<I", boot_checksum(region)):
            raise Broken
        return cls(medium, plan)

    @property
    def mark(self) -> bytes:
        return f"exfat {self._plan.serial:08x} {self._plan.clusters}".encode()

    def root(self) -> Iterator[Item]:
        return _items(self._slots(self._chain(self._plan.root)))

    def inside(self, folder: Item) -> Iterator[Item]:
        if folder.size > _MOST_FOLDER_OCTETS:
            raise Broken
        last = folder.first + -(-folder.size // self._plan.cluster)
        clusters = iter(range(folder.first, last)) if folder.contiguous else self._chain(folder.first)
        return _items(self._slots(clusters))

    def content(self, file: Item) -> bytes:
        if not file.size:
            return b""
        if file.size > self._plan.sector:
            raise Broken
        return self._medium.read(self._place(file.first), file.size)

    def _slots(self, clusters: Iterator[int]) -> Iterator[tuple[int, bytes]]:
        """Of a cluster of up to 32 MiB, too, only what is asked for."""
        for cluster in clusters:
            place = self._place(cluster)
            for block in range(place, place + self._plan.cluster, self._plan.sector):
                octets = self._medium.read(block, self._plan.sector)
                for at in range(0, len(octets), _SLOT):
                    yield block + at, octets[at : at + _SLOT]

    def _chain(self, first: int) -> Iterator[int]:
        seen: set[int] = set()
        cluster = first
        while cluster < _END:
            if cluster in seen or len(seen) * self._plan.cluster >= _MOST_FOLDER_OCTETS:
                raise Broken
            self._place(cluster)
            seen.add(cluster)
            yield cluster
            (cluster,) = struct.unpack("<I", self._medium.read(self._plan.fat + cluster * 4, 4))

    def _place(self, cluster: int) -> int:
        if not 2 <= cluster < self._plan.clusters + 2:
            raise Broken
        return self._plan.data + (cluster - 2) * self._plan.cluster


def _items(slots: Iterator[tuple[int, bytes]]) -> Iterator[Item]:
    """Sets of entries whose checksum is right."""
    for at, slot in slots:
        if slot[0] == 0:
            return
        if slot[0] != _FILE:
            continue
        entries = [slot]
        for _, following in slots:
            entries.append(following)
            if len(entries) > slot[1] or following[0] & _SECONDARY != _SECONDARY:
                break
        item = _item(at, entries)
        if item is not None:
            yield item
        if entries[-1][0] == 0:
            return


def _item(at: int, entries: list[bytes]) -> Item | None:
    octets = b"".join(entries)
    secondary, checksum, attributes = struct.unpack_from("<BHH", octets, 1)
    if (
        len(entries) != secondary + 1
        or len(entries) < 3
        or entries[1][0] != _STREAM
        or checksum != set_checksum(octets)
    ):
        return None
    _, flags, letters, _, valid, first, size = _STREAM_SLOT.unpack(entries[1])
    name = b"".join(entry[2:] for entry in entries[2:] if entry[0] == _NAME).decode("utf-16-le", errors="replace")
    is_folder = bool(attributes & _FOLDER)
    return Item(
        name=name[:letters],
        is_folder=is_folder,
        is_file=not is_folder and valid == size,
        first=first,
        size=size,
        stamp=octets[12:16] + octets[21:22] + entries[1][20:32],
        at=at,
        contiguous=bool(flags & _NO_FAT_CHAIN),
    )


def boot_checksum(region: bytes) -> int:
    total = 0
    for at, octet in enumerate(region):
        if at not in _UNCHECKED:
            total = ((total & 1) << 31) + (total >> 1) + octet & 0xFFFF_FFFF
    return total


def set_checksum(octets: bytes) -> int:
    """Of a file's entries; the checksum itself, in the third and fourth octet, is left out."""
    total = 0
    for at, octet in enumerate(octets):
        if at not in (2, 3):
            total = ((total & 1) << 15) + (total >> 1) + octet & 0xFFFF
    return total
