"""The octets of a stick, of all of it or of one partition. What is read is bounded, so that no stick can keep us."""

import fcntl
import os
import stat
import struct
from dataclasses import dataclass
from typing import Final, Protocol

MOST_OCTETS: Final = 32 * 1024 * 1024
_BLKSSZGET: Final = 0x1268  # linux/fs.h


class Broken(Exception):
    """What the stick says of itself cannot be, or it is not worth the reading."""


class Medium(Protocol):
    """`sector` is what partition tables count in. Raises `Broken` for what lies outside, OSError where the device
    fails.
    """

    @property
    def size(self) -> int: ...

    @property
    def sector(self) -> int: ...

    def read(self, at: int, count: int) -> bytes: ...

    def write(self, at: int, octets: bytes) -> None: ...

    def flush(self) -> None: ...


class Device:
    """A block device, or a file in its place, behind a descriptor that stays the caller's."""

    def __init__(self, descriptor: int, most_octets: int = MOST_OCTETS) -> None:
        self._descriptor = descriptor
        self._left = most_octets
        self.size = os.lseek(descriptor, 0, os.SEEK_END)
        self.sector = _sector(descriptor)

    def read(self, at: int, count: int) -> bytes:
        self._left -= count
        if self._left < 0:
            raise Broken
        octets = os.pread(self._descriptor, count, check(self, at, count))
        if len(octets) != count:
            raise Broken
        return octets

    def write(self, at: int, octets: bytes) -> None:
        check(self, at, len(octets))
        while octets:
            done = os.pwrite(self._descriptor, octets, at)
            at, octets = at + done, octets[done:]

    def flush(self) -> None:
        os.fsync(self._descriptor)


@dataclass(frozen=True, slots=True)
class Part:
    """A partition of `whole`. Raises `Broken` where it would reach beyond."""

    whole: Medium
    start: int
    size: int

    def __post_init__(self) -> None:
        check(self.whole, self.start, self.size)

    @property
    def sector(self) -> int:
        return self.whole.sector

    def read(self, at: int, count: int) -> bytes:
        return self.whole.read(self.start + check(self, at, count), count)

    def write(self, at: int, octets: bytes) -> None:
        self.whole.write(self.start + check(self, at, len(octets)), octets)

    def flush(self) -> None:
        self.whole.flush()


def check(medium: Medium, at: int, count: int) -> int:
    """`at`, where that many octets lie within the medium."""
    if at < 0 or count < 0 or at + count > medium.size:
        raise Broken
    return at


def _sector(descriptor: int) -> int:
    if not stat.S_ISBLK(os.fstat(descriptor).st_mode):
        return 512
    (octets,) = struct.unpack("i", fcntl.ioctl(descriptor, _BLKSSZGET, b"\0" * 4))
    return int(octets)
