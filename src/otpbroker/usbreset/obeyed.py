"""The sticks that were obeyed and have not been seen gone since, by their marks. On disk, so that one left in does not
reset at each boot.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from otpbroker.readable import readable
from otpbroker.system.files import ensure_folder, sync_folder, write_atomic

_LOG: Final = logging.getLogger(__name__)
_MODE: Final = 0o600


class Obeyed:
    """What the disk refuses is remembered as long as the process lives: one reset more, later, is the worst of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._marks = _read(path)

    def __contains__(self, mark: str) -> bool:
        return mark in self._marks

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._marks))

    def add(self, mark: str) -> None:
        self._marks.add(mark)
        self._write()

    def forget(self, mark: str) -> None:
        self._marks.discard(mark)
        self._write()

    def _write(self) -> None:
        """No file where there is nothing to remember: it is what starts us at boot."""
        try:
            if self._marks:
                write_atomic(
                    ensure_folder(self._path.parent, 0o700) / self._path.name, msgspec.json.encode(list(self)), _MODE
                )
            else:
                self._path.unlink(missing_ok=True)
                sync_folder(self._path.parent)
        except OSError as error:
            _LOG.error("which sticks were obeyed cannot be kept: %s", error.strerror)


def _read(path: Path) -> set[str]:
    """Nothing where it cannot be read: a reset too many is better than one that never comes."""
    try:
        return set(msgspec.json.decode(path.read_bytes(), type=readable(list[str])))
    except (OSError, msgspec.DecodeError):
        return set()
