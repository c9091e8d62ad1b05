"""Files with secrets on a card that others may read one day: written in whole, and wiped rather than deleted.

A flash card keeps worn or spare blocks of its own that no program reaches, so an old copy may outlive this; what the
file system can read is gone.
"""

import os
from pathlib import Path
from typing import Final

from otpbroker.system.files import sync_folder

_SECTOR: Final = 512  # written as a whole or not at all
_BLOCK: Final = 512  # the unit of st_blocks
_MOST_SLACK: Final = 1024 * 1024
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


def read(path: Path, most: int) -> bytes | None:
    """At most `most` + 1 octets of a regular file; None where there is none. Raises OSError, also for a link."""
    try:
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read(most + 1)


def is_being_wiped(content: bytes) -> bool:
    """Whether a power cut interrupted `wipe`: its first step empties the first sector."""
    return not content[:_SECTOR].strip(b"\0")


def place(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Have `path` hold `content`; another content is wiped first. Raises OSError."""
    if read(path, len(content)) == content:
        return
    wipe(path)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(path.parent)


def wipe(path: Path) -> None:
    """Overwrite the file's blocks with zeros where they are, then remove it. Raises OSError; what is not there is gone.
    A power cut leaves the file whole, or one that `is_being_wiped` knows.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        facts = os.fstat(descriptor)
        _zero(descriptor, min(facts.st_size, _SECTOR))
        slack = min(facts.st_blocks * _BLOCK, facts.st_size + _MOST_SLACK)
        _zero(descriptor, max(facts.st_size, slack))
    finally:
        os.close(descriptor)
    path.unlink()
    sync_folder(path.parent)


def _zero(descriptor: int, end: int) -> None:
    at = 0
    while at < end:
        at += os.pwrite(descriptor, bytes(min(end - at, 64 * 1024)), at)
    os.fsync(descriptor)
