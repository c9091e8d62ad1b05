"""Which mails have left, and by which account: one small file a day, of names that say nothing to anybody else.

A line is written before a text leaves and not flushed: the process may die at once and the next one knows; only a power
cut forgets the last seconds, and the doors with them. Without a disk all is kept in memory, and `broken` says so.
"""

import datetime as dt
import logging
import os
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

_LOG: Final = logging.getLogger(__name__)
MOST_NAMES: Final = 20_000
_KEPT_FILES: Final = 4  # a clock that jumps and comes back finds its day again
_BEGUN: Final = "+"
_WITHDRAWN: Final = "-"


class _Page(NamedTuple):
    """A day's newest names, in their order, and how many left by each account."""

    names: dict[str, None]
    sent: Counter[str]

    def begun(self, name: str, account: str) -> None:
        self.names[name] = None
        self.sent[account] += 1
        if len(self.names) > MOST_NAMES:
            del self.names[next(iter(self.names))]

    def withdrawn(self, name: str, account: str) -> None:
        self.names.pop(name, None)
        self.sent[account] -= self.sent[account] > 0


class Journal:
    """`today` tells the day, such as 2026-11-23, in the device's time zone."""

    def __init__(self, folder: Path, today: Callable[[], str]) -> None:
        self._folder = folder
        self._today = today
        self._lock = threading.Lock()
        self._day = today()
        self._page = self._read(self._day)
        others = [day for day in self._days() if day != self._day]
        self._earlier = self._read(others[0]).names if others else {}
        self._file: int | None = None
        self.broken = False

    def begun(self, name: str, account: str) -> None:
        """The text of `name` leaves by `account` now."""
        with self._lock:
            page = self._turned()
            page.begun(name, account)
            self._write(f"{_BEGUN}{name} {account}\n")

    def withdrawn(self, name: str, account: str) -> None:
        """A server's word: it did not take `name` from `account`."""
        with self._lock:
            page = self._turned()
            page.withdrawn(name, account)
            self._earlier.pop(name, None)
            self._write(f"{_WITHDRAWN}{name} {account}\n")

    def has(self, name: str) -> bool:
        """Whether the text of `name` has left, today or on the last day before that anything left."""
        with self._lock:
            return name in self._turned().names or name in self._earlier

    def sent_today(self, account: str) -> int:
        with self._lock:
            return self._turned().sent[account]

    def close(self) -> None:
        with self._lock:
            self._close()

    def _turned(self) -> _Page:
        """Today's page."""
        day = self._today()
        if day != self._day:
            self._close()
            self._earlier = self._page.names
            self._day, self._page = day, self._read(day)
        return self._page

    def _read(self, day: str) -> _Page:
        """What the file of a day says; a line that a power cut tore is left out."""
        page = _Page({}, Counter())
        try:
            lines = (self._folder / day).read_text(errors="replace").splitlines()
        except OSError:
            return page
        for line in lines:
            name, _, account = line[1:].partition(" ")
            if line.startswith(_BEGUN):
                page.begun(name, account)
            elif line.startswith(_WITHDRAWN):
                page.withdrawn(name, account)
        return page

    def _write(self, line: str) -> None:
        try:
            if self._file is None:
                self._file = self._open()
            os.write(self._file, line.encode())
        except OSError as error:
            if not self.broken:
                _LOG.warning("what has left is kept in memory only: %s", error.strerror)
            self.broken = True
        else:
            self.broken = False

    def _open(self) -> int:
        opened = os.open(self._folder / self._day, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        os.write(opened, b"\n")  # ends a torn line
        for old in self._days()[_KEPT_FILES:]:
            (self._folder / old).unlink(missing_ok=True)
        return opened

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def _days(self) -> list[str]:
        """The days that have a file, the nearest to today first."""
        today = dt.date.fromisoformat(self._day)
        try:
            days = [day for path in self._folder.iterdir() if (day := _date(path.name)) is not None]
        except OSError:
            return []
        return [day.isoformat() for day in sorted(days, key=lambda day: abs(day - today))]


def _date(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(name)
    except ValueError:
        return None
