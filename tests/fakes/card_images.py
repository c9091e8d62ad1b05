"""Images laid out like a Raspberry Pi's: a partition table, a FAT partition to boot from, and another."""

import struct
import uuid
import zlib

from fakes.sticks import tool

SECTOR = 512
START = 8192  # sectors: where pi-gen puts it
SECTORS = {12: 8192, 16: 32768, 32: 131072}
EFI = uuid.UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
LINUX = uuid.UUID("0fc63daf-8483-4772-8e79-3d69d8477de4")


def mbr(*entries):
    """`entries` are (type, first sector, sectors)."""
    table = b"".join(struct.pack("<BxxxBxxxII", 0, *entry) for entry in entries)
    return bytes(446) + table.ljust(64, b"\0") + b"\x55\xaa"


def gpt(*entries):
    """The first 34 sectors; `entries` are (kind, first sector, last sector)."""
    table = b"".join(struct.pack("<16s16sQQ80x", kind.bytes_le, bytes(16), *ends) for kind, *ends in entries)
    table = table.ljust(128 * 128, b"\0")
    fields = (0, 1, 999, 34, 900, bytes(16), 2, 128, 128, zlib.crc32(table))
    head = struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, *fields)
    return mbr((0xEE, 1, 0xFFFFFFFF)) + head.ljust(SECTOR, b"\0") + table


def make(path, fat=32, table="mbr"):
    """Something in its boot partition, and something behind it."""
    sectors = SECTORS[fat]
    partition = path.with_suffix(".fat")
    with partition.open("wb") as stream:
        stream.truncate(sectors * SECTOR)
    tool("mkfs.vfat", "-F", fat, "-n", "BOOTFS", partition)
    tool("mcopy", "-i", partition, "-", "::config.txt", input=b"arm_64bit=1\n")
    end = START + sectors
    if table == "mbr":
        head = mbr((0x0C if fat == 32 else 0x0E, START, sectors), (0x83, end, 2048))
    else:
        head = gpt((LINUX, end, end + 2047), (EFI, START, end - 1))
    with path.open("wb") as stream:
        stream.write(head)
        stream.seek(START * SECTOR)
        stream.write(partition.read_bytes())
        stream.seek(end * SECTOR)
        stream.write(b"root" * 1000)
        stream.truncate((end + 2048) * SECTOR)
    partition.unlink()
    return path


def listed(path):
    """The names in the boot partition."""
    return _mtools("mdir", path, "-b").decode().replace("::/", "").split()


def read(path, name):
    return _mtools("mcopy", path, "-n", f"::{name}", "-")


def _mtools(program, path, option, *rest):
    return tool(program, option, "-i", f"{path}@@{START * SECTOR}", *rest)
