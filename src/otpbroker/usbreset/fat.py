"""FAT12, FAT16 and FAT32, read without mounting (Microsoft FAT specification 1.03)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from otpbroker.usbreset.fat_names import SLOT, items
from otpbroker.usbreset.medium import Broken, Medium
from otpbroker.usbreset.volume import Item

_BPB: Final = struct.Struct("<3s8sHBHBHHBHHHII")
_BPB_32: Final = struct.Struct("<IHHIHH12xBBBI")
_BPB_16: Final = struct.Struct("<BBBI")
_BPB_END: Final = 36
_SIGNED: Final = 0x29
_SINGLE_FAT: Final = 0x80
_MOST_FOLDER_OCTETS: Final = 65536 * SLOT
_MOST_CLUSTERS: Final = {12: 4084, 16: 65524, 32: 0x0FFF_FFF5}
Place = tuple[int, int]  # where octets are on the volume, and how many
Slot = tuple[int, bytes]  # where a folder's entry is, and its octets


@dataclass(frozen=True, slots=True)
class Layout:
    """Places and sizes in octets. `fats` are the copies that are in use, the one to read first. `root` is the first
    cluster of FAT32's root folder; the others have theirs at `fixed_root`. `info` is FAT32's count of free clusters.
    """

    bits: Literal[12, 16, 32]
    sector: int
    cluster: int
    fats: tuple[int, ...]
    clusters: int
    data: int
    fixed_root: Place
    root: int
    info: int
    serial: int


def layout(boot: bytes, size: int) -> Layout | None:
    """What the boot sector says of a volume of `size` octets; None where it is no FAT file system, or cannot be."""
    jump, _, sector, spc, reserved, fats, root_entries, total_16, media, fat_16, _, _, _, total_32 = _BPB.unpack_from(
        boot
    )
    fat_32, flags, version, root, info, _, _, _, signed_32, serial_32 = _BPB_32.unpack_from(boot, _BPB_END)
    _, _, signed_16, serial_16 = _BPB_16.unpack_from(boot, _BPB_END)
    if boot[510:512] != b"\x55\xaa" or not (jump[0] == 0xE9 or (jump[0] == 0xEB and jump[2] == 0x90)):
        return None
    if sector not in (512, 1024, 2048, 4096) or not spc or spc & spc - 1 or not reserved or not 1 <= fats <= 4:
        return None
    if media != 0xF0 and media < 0xF8:
        return None
    is_32 = fat_16 == 0
    fat_sectors, total = fat_16 or fat_32, total_16 or total_32
    root_sectors = -(-root_entries * SLOT // sector)
    data = reserved + fats * fat_sectors + root_sectors
    count = (total - data) // spc
    bits: Literal[12, 16, 32] = 32 if is_32 else 12 if count <= _MOST_CLUSTERS[12] else 16
    count = min(count, fat_sectors * sector * 8 // bits - 2)
    if not 1 <= count <= _MOST_CLUSTERS[bits] or total * sector > size or not fat_sectors or (is_32 and version):
        return None
    used = [flags & 0x0F] if is_32 and flags & _SINGLE_FAT else range(fats)
    if any(each >= fats for each in used):
        return None
    return Layout(
        bits=bits,
        sector=sector,
        cluster=sector * spc,
        fats=tuple((reserved + each * fat_sectors) * sector for each in used),
        clusters=count,
        data=data * sector,
        fixed_root=(0, 0) if is_32 else ((reserved + fats * fat_sectors) * sector, root_entries * SLOT),
        root=root if is_32 else 0,
        info=info * sector if is_32 and 0 < info < reserved else 0,
        serial=(serial_32 if signed_32 == _SIGNED else 0) if is_32 else (serial_16 if signed_16 == _SIGNED else 0),
    )


class FatVolume:
    def __init__(self, medium: Medium, plan: Layout) -> None:
        self.medium = medium
        self.plan = plan

    @classmethod
    def open(cls, medium: Medium, boot: bytes) -> "FatVolume | None":
        plan = layout(boot, medium.size)
        return None if plan is None else cls(medium, plan)

    @property
    def mark(self) -> bytes:
        return f"fat{self.plan.bits} {self.plan.serial:08x} {self.plan.clusters}".encode()

    def root(self) -> Iterator[Item]:
        return items(self._slots(self.plan.root))

    def inside(self, folder: Item) -> Iterator[Item]:
        return items(self.slots(folder))

    def content(self, file: Item) -> bytes:
        if not file.size:
            return b""
        if file.size > self.plan.sector:
            raise Broken
        return self.medium.read(self.place(self._valid(self.first(file))), file.size)

    def first(self, item: Item) -> int:
        """The first cluster of an entry; FAT12 and FAT16 keep something else in its upper half."""
        return item.first & (0x0FFF_FFFF if self.plan.bits == 32 else 0xFFFF)

    def slots(self, folder: Item) -> Iterator[Slot]:
        """The places and octets of a folder's entries, used or not."""
        return self._slots(self._valid(self.first(folder)))

    def _slots(self, first: int) -> Iterator[Slot]:
        if first:
            places = ((self.place(each), self.plan.cluster) for each in self.chain(first, _MOST_FOLDER_OCTETS))
        else:
            places = (self.plan.fixed_root for _ in range(1))
        for at, count in places:
            octets = self.medium.read(at, count)
            for offset in range(0, count, SLOT):
                yield at + offset, octets[offset : offset + SLOT]

    def chain(self, first: int, most_octets: int) -> Iterator[int]:
        """The clusters that follow each other from `first` on. Raises `Broken` for a ring, or beyond `most_octets`."""
        seen: set[int] = set()
        cluster: int | None = self._valid(first)
        while cluster is not None:
            if cluster in seen or len(seen) * self.plan.cluster >= most_octets:
                raise Broken
            seen.add(cluster)
            yield cluster
            cluster = self._following(cluster)

    def _following(self, cluster: int) -> int | None:
        value = self.entry(cluster)
        return None if value >= self.end - 7 else self._valid(value)

    @property
    def end(self) -> int:
        """The value that ends a chain; the seven below it do so, too."""
        return (1 << min(self.plan.bits, 28)) - 1

    def entry(self, cluster: int) -> int:
        """What the allocation table says of a cluster; 0: it is free."""
        at = self.plan.fats[0]
        if self.plan.bits == 12:
            (pair,) = struct.unpack("<H", self.medium.read(at + cluster * 3 // 2, 2))
            return int(pair >> 4 if cluster & 1 else pair & 0xFFF)
        octets = self.medium.read(at + cluster * self.plan.bits // 8, self.plan.bits // 8)
        return int.from_bytes(octets, "little") & self.end

    def place(self, cluster: int) -> int:
        return self.plan.data + (cluster - 2) * self.plan.cluster

    def _valid(self, cluster: int) -> int:
        if not 2 <= cluster < self.plan.clusters + 2:
            raise Broken
        return cluster
