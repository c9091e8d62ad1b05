"""What a disk image holds, read without loop devices, mounts or root rights (mtools, e2fsprogs)."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
FAT32_LBA, LINUX = 0x0C, 0x83


@dataclass(frozen=True)
class Partition:
    """One entry of a DOS partition table; start and size in bytes."""

    kind: int
    start: int
    size: int


@dataclass(frozen=True)
class Table:
    """A DOS partition table: the disk's number, as PARTUUIDs begin, and its entries in order."""

    number: str
    partitions: tuple[Partition, ...]


def table(first_sector: bytes) -> Table:
    """The partition table in a disk's first sector. ValueError where there is none."""
    if len(first_sector) < SECTOR or first_sector[510:512] != b"\x55\xaa":
        raise ValueError("no DOS partition table")
    found = []
    for at in range(446, 510, 16):
        entry = first_sector[at : at + 16]
        if entry[4]:
            start, size = (int.from_bytes(entry[i : i + 4], "little") * SECTOR for i in (8, 12))
            found.append(Partition(entry[4], start, size))
    return Table(f"{int.from_bytes(first_sector[440:444], 'little'):08x}", tuple(found))


def table_of(image: Path) -> Table:
    """The partition table of a disk image."""
    with image.open("rb") as file:
        return table(file.read(SECTOR))


def label_of(image: Path, partition: Partition) -> str:
    """The label of a file system, as udev's /dev/disk/by-label has it; empty where it has none."""
    with image.open("rb") as file:
        file.seek(partition.start)
        head = file.read(2048)
    raw = head[71:82] if partition.kind == FAT32_LBA else head[1144:1160]
    return raw.rstrip(b"\0 ").decode("ascii", "replace")


def _run(argv: list[str]) -> bytes:
    return subprocess.run(argv, check=True, capture_output=True).stdout


def copy_fat(image: Path, partition: Partition, to: Path) -> None:
    """Every file of a FAT partition, into the folder `to`."""
    to.mkdir(parents=True, exist_ok=True)
    _run(["mcopy", "-s", "-n", "-i", f"{image}@@{partition.start}", "::*", f"{to}/"])


def read_root(image: Path, partition: Partition, path: str) -> bytes:
    """One file of an ext4 partition; empty where it is not there."""
    return _run(["debugfs", "-R", f'cat "{path}"', f"{image}?offset={partition.start}"])


def copy_root(image: Path, partition: Partition, paths: tuple[str, ...], to: Path) -> None:
    """These folders of an ext4 partition with all that is in them, links as links, below the folder `to`."""
    for path in paths:
        parent = to / path.lstrip("/")
        parent.parent.mkdir(parents=True, exist_ok=True)
        _run(["debugfs", "-R", f'rdump "{path}" "{parent.parent}"', f"{image}?offset={partition.start}"])
