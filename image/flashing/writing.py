"""The image onto the card, and back to see that it is there."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from typing import Final

from image.flashing import partitions
from image.flashing.source import CHUNK, Image
from image.flashing.target import Target, too_small
from image.flashing.words import FlashError

_BLKFLSBUF: Final = 0x1261  # linux/fs.h: forget what was read or written, so that it is read from the card
_BLKRRPART: Final = 0x125F  # look at the partition table anew
Progress = Callable[[str, int, int | None], None]  # the key of what is done, octets, of how many


def write(image: Image, target: Target, progress: Progress) -> str:
    """The SHA-256 of what was written, and read back. Raises `FlashError`; nothing is written of what is no image."""
    chunks = image.chunks()
    first = next(chunks, b"")
    if not partitions.candidates(first[: partitions.HEAD]):
        raise FlashError("flash.no_boot", image=image.path.name)
    with _opened(target) as descriptor:
        digest, size = hashlib.sha256(), 0
        for chunk in _all(first, chunks):
            if error := too_small(target, size + len(chunk)):
                raise error
            _put(descriptor, chunk, size, sparse=not target.is_device)
            digest.update(chunk)
            size += len(chunk)
            progress("flash.writing", size, image.size)
        if not target.is_device:
            os.ftruncate(descriptor, size)
        os.fsync(descriptor)
        _forget(descriptor, target)
        if _read_back(descriptor, size, progress) != digest.digest():
            raise FlashError("flash.unverified", target=str(target.path))
    return digest.hexdigest()


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


@contextlib.contextmanager
def _opened(target: Target) -> Iterator[int]:
    """A device for ourselves alone: the kernel refuses one that is mounted. What it refuses is told."""
    flags = os.O_RDWR | os.O_CLOEXEC | (os.O_EXCL if target.is_device else os.O_CREAT | os.O_TRUNC)
    try:
        descriptor = os.open(target.path, flags, 0o600)
        try:
            yield descriptor
            if target.is_device:
                with contextlib.suppress(OSError):
                    fcntl.ioctl(descriptor, _BLKRRPART)
        finally:
            os.close(descriptor)
    except PermissionError:
        raise FlashError("flash.not_allowed", target=str(target.path)) from None
    except OSError as error:
        raise FlashError("flash.refused", target=str(target.path), reason=error.strerror or "") from None


def _put(descriptor: int, chunk: bytes, at: int, *, sparse: bool) -> None:
    """A file needs no blocks for zeros; a card may have something else there."""
    if sparse and not chunk.strip(b"\0"):
        return
    while chunk:
        written = os.pwrite(descriptor, chunk, at)
        chunk, at = chunk[written:], at + written


def _forget(descriptor: int, target: Target) -> None:
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    if target.is_device:
        with contextlib.suppress(OSError):  # only root may
            fcntl.ioctl(descriptor, _BLKFLSBUF)


def _read_back(descriptor: int, size: int, progress: Progress) -> bytes:
    digest, at = hashlib.sha256(), 0
    while at < size:
        chunk = os.pread(descriptor, min(CHUNK, size - at), at)
        if not chunk:
            break
        digest.update(chunk)
        at += len(chunk)
        progress("flash.verifying", at, size)
    return digest.digest()
