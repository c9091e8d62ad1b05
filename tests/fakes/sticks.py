"""USB sticks as files: made by the tools that people's computers have, and exFAT's files by hand."""

import os
import shutil
import struct
import subprocess

import pytest

from otpbroker.usbreset.exfat import boot_checksum, layout, set_checksum
from otpbroker.usbreset.medium import check

TEXT = b"????????????????"
_FREE, _END = 0, 0xFFFF_FFFF


class Octets:
    """A medium in memory."""

    sector = 512

    def __init__(self, octets):
        self.octets = bytearray(octets)
        self.size = len(octets)

    def read(self, at, count):
        at = check(self, at, count)
        return bytes(self.octets[at : at + count])

    def write(self, at, octets):
        at = check(self, at, len(octets))
        self.octets[at : at + len(octets)] = octets

    def flush(self):
        pass


def tool(*argv, **how):
    program = shutil.which(argv[0], path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if program is None:
        pytest.skip(f"without {argv[0]}")
    return subprocess.run([program, *map(str, argv[1:])], capture_output=True, check=True, **how).stdout


def empty(path, octets):
    path.unlink(missing_ok=True)
    with path.open("wb") as stream:
        stream.truncate(octets)
    return path


SIZES = {12: 720 * 1024, 16: 3 * 1024 * 1024, 32: 36 * 1024 * 1024}


def fat(path, bits, files, *, options=(), octets=0):
    """A FAT file system with `files` by their paths (None: a folder)."""
    empty(path, octets or SIZES[bits])
    tool("mkfs.vfat", "-F", bits, *(() if bits == 12 else ("-s", "1")), *options, path)
    folders = {name.rpartition("/")[0] for name in files} | {name for name in files if files[name] is None}
    for folder in sorted(folders - {""}):
        tool("mmd", "-i", path, f"::{folder}")
    for name, content in files.items():
        if content is not None:
            tool("mcopy", "-i", path, "-", f"::{name}", input=content)
    return path


def reset_fat(path, bits=16, text=TEXT, **how):
    return fat(path, bits, {"optb/reset.txt": text}, **how)


def fsck(path):
    """What is wrong with a FAT file system; empty where nothing is."""
    try:
        tool("fsck.vfat", "-n", path)
    except subprocess.CalledProcessError as found:
        return found.stdout.decode()
    return ""


def exfat(path, files, *, contiguous=True, octets=4 * 1024 * 1024):
    """An exFAT file system with files one folder deep."""
    empty(path, octets)
    tool("mkfs.exfat", path)
    image = _Exfat(bytearray(path.read_bytes()), contiguous=contiguous)
    folders = {}
    for name, content in files.items():
        folder, _, last = name.rpartition("/")
        if folder and folder not in folders:
            cluster = image.allocate()
            image.add(image.plan.root, folder, cluster, image.plan.cluster, 0x10)
            folders[folder] = cluster
        image.add(folders.get(folder, image.plan.root), last, *image.store(content), 0x20)
    path.write_bytes(image.octets)
    return path


class _Exfat:
    def __init__(self, octets, *, contiguous):
        self.octets = octets
        self.plan = layout(bytes(octets[:512]), len(octets))
        self.contiguous = contiguous
        self.bitmap = next(
            struct.unpack_from("<I", slot, 20)[0] for _, slot in self._slots(self.plan.root) if slot[0] == 0x81
        )

    def place(self, cluster):
        return self.plan.data + (cluster - 2) * self.plan.cluster

    def _slots(self, cluster):
        start = self.place(cluster)
        for at in range(start, start + self.plan.cluster, 32):
            yield at, self.octets[at : at + 32]

    def allocate(self):
        """One cluster, the last free one."""
        for cluster in range(self.plan.clusters + 1, 1, -1):
            at, bit = self.place(self.bitmap) + (cluster - 2) // 8, 1 << (cluster - 2) % 8
            if not self.octets[at] & bit:
                self.octets[at] |= bit
                self._set(cluster, _FREE if self.contiguous else _END)
                return cluster
        raise AssertionError

    def _set(self, cluster, value):
        struct.pack_into("<I", self.octets, self.plan.fat + cluster * 4, value)

    def store(self, content):
        if not content:
            return 0, 0
        cluster = self.allocate()
        assert len(content) <= self.plan.cluster
        self.octets[self.place(cluster) : self.place(cluster) + len(content)] = content
        return cluster, len(content)

    def add(self, folder, name, first, size, attributes):
        letters = name.encode("utf-16-le")
        pieces = [letters[at : at + 30].ljust(30, b"\0") for at in range(0, len(letters), 30)]
        chained = 1 | (2 if self.contiguous and first else 0)
        stream = struct.pack(
            "<BBxBHxxQxxxxIQ", 0xC0, chained if first else 1, len(name), _hash(name), size, first, size
        )
        file = struct.pack("<BBHHxxIII12x", 0x85, 1 + len(pieces), 0, attributes, 0x5A21_0000, 0x5A21_0000, 0x5A21_0000)
        entries = bytearray(file + stream + b"".join(b"\xc1\0" + piece for piece in pieces))
        struct.pack_into("<H", entries, 2, set_checksum(bytes(entries)))
        at = next(at for at, slot in self._slots(folder) if slot[0] == 0)
        self.octets[at : at + len(entries)] = entries


def _hash(name):
    total = 0
    for octet in name.upper().encode("utf-16-le"):
        total = ((total & 1) << 15) + (total >> 1) + octet & 0xFFFF
    return total


def seal_exfat(octets, sector=512):
    """Make the boot region's checksum right again."""
    checksum = struct.pack("<I", boot_checksum(bytes(octets[: 11 * sector])))
    octets[11 * sector : 12 * sector] = checksum * (sector // 4)


def partitioned(path, table, parts, *, octets=24 * 1024 * 1024):
    """A stick with partitions: `parts` are images, None for an empty one; `table` is what sfdisk calls `label`, or a
    whole script of it.
    """
    empty(path, octets)
    script = table if "\n" in table else f"label: {table}\n" + "".join(f"size=4MiB{_kind(table)}\n" for _ in parts)
    tool("sfdisk", "--quiet", path, input=script.encode())
    with path.open("r+b") as stream:
        for start, part in zip(_starts(path), parts, strict=True):
            if part is not None:
                stream.seek(start * 512)
                stream.write(part.read_bytes())
    return path


def _kind(table):
    return ", type=c" if table == "dos" else ""


def _starts(path):
    lines = tool("sfdisk", "--dump", path).decode().splitlines()
    return [int(line.partition("start=")[2].partition(",")[0]) for line in lines if "start=" in line]
