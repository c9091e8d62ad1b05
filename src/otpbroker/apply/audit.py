"""The audit trail on disk: JSON lines, flushed one by one, in two files of a megabyte at most. Never in the way: what
cannot be written down is counted and told later, and what was done stays done.
"""

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from otpbroker.readable import readable
from otpbroker.system.files import Paths, ensure_folder, locked, sync_folder
from otpbroker.verbs.audit import AuditEntries, AuditEntry, AuditTrail

_LOG: Final = logging.getLogger(__name__)
MAX_OCTETS: Final = 1024 * 1024
_MODE: Final = 0o640
_TAIL_OCTETS: Final = 64 * 1024  # longer than any line
_NUMBER: Final = b'{"number":'
GAP: Final = "audit.gap"


class Trail:
    """Any number of processes may write: a file lock orders them."""

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.state / "apply"
        self._file = self._folder / "audit.jsonl"
        self._old = self._folder / "audit.1.jsonl"
        self._lost = 0

    def add(self, entry: AuditEntry) -> bool:
        """Write `entry` down with the time and the next number; whether it is on disk."""
        entry = replace(entry, at=int(time.time()))
        try:
            with locked(ensure_folder(self._folder) / ".audit.lock"):
                self._append(entry)
        except OSError as error:
            if not self._lost:
                _LOG.error("the audit trail is incomplete: %s", error.strerror)
            self._lost += 1
            return False
        return True

    def _append(self, entry: AuditEntry) -> None:
        number = self._last_number() + 1
        entries = [replace(entry, number=number)]
        if self._lost:
            gap = AuditEntry(number=number, at=entry.at, by="", action=GAP, params={"count": self._lost})
            entries = [gap, replace(entry, number=number + 1)]
        self._rotate()
        self._write(b"".join(msgspec.json.encode(each) + b"\n" for each in entries))
        self._lost = 0

    def _write(self, lines: bytes) -> None:
        """All of them or nothing."""
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _MODE)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                lines = b"\n" + lines  # a power cut tore the last line
            try:
                _write_all(descriptor, lines)
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)
        if not size:
            sync_folder(self._folder)

    def _rotate(self) -> None:
        if _size(self._file) >= MAX_OCTETS:
            self._file.replace(self._old)

    def _last_number(self) -> int:
        for path in (self._file, self._old):
            for line in reversed(_tail(path).split(b"\n")):
                if (entry := _entry(line)) is not None:
                    return entry.number
        return 0

    def read(self, wanted: AuditTrail) -> AuditEntries:
        """A trail that cannot be read is told as an empty one, and logged."""
        try:
            found = self._found(wanted)
        except OSError as error:
            _LOG.error("the audit trail cannot be read: %s", error.strerror)
            found = []
        return AuditEntries(entries=found[: wanted.limit], older=len(found) > wanted.limit, lost=self._lost)

    def _found(self, wanted: AuditTrail) -> list[AuditEntry]:
        """One more than wanted, where there is one."""
        found = []
        for line in self._newest_first():
            if wanted.before and _number(line) >= wanted.before:
                continue
            entry = _entry(line)
            if entry is not None and wanted.by in (None, entry.by):
                found.append(entry)
                if len(found) > wanted.limit:
                    break
        return found

    def _newest_first(self) -> Iterator[bytes]:
        for path in (self._file, self._old):
            yield from (line for line in reversed(_octets(path).split(b"\n")) if line.startswith(_NUMBER))


def _write_all(descriptor: int, octets: bytes) -> None:
    while octets:
        octets = octets[os.write(descriptor, octets) :]


def _octets(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _tail(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, _size(path) - _TAIL_OCTETS))
            return stream.read()
    except FileNotFoundError:
        return b""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _number(line: bytes) -> int:
    """Without decoding the rest: what is skipped is most of the file."""
    digits = line[len(_NUMBER) : line.find(b",")]
    return int(digits) if digits.isdigit() else 0


def _entry(line: bytes) -> AuditEntry | None:
    try:
        return msgspec.json.decode(line, type=readable(AuditEntry))
    except msgspec.DecodeError:
        return None
