"""Log lines on standard error: one event a line, control characters escaped, at most 500 characters. Where `FOLDER` is
set in the environment, they are also kept in a file of that folder, for `otpbroker.system.logbook` to read.

Callers give masked numbers, lengths and outcomes; `Secret` and `MessageText` do not print themselves, and a
traceback is reduced to the error's type and place, because an exception's words may quote what it choked on.
"""

import contextlib
import logging
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

MAX_LINE = 500
FOLDER: Final = "OTPB_LOG_FOLDER"
KEPT_OCTETS: Final = 256 * 1024  # of the present file; there is one before it
_LINE: Final = "%(levelname)s %(name)s: %(message)s"
type_of_exc_info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """One printable line a record, whatever the record holds."""

    def formatException(self, ei: type_of_exc_info) -> str:  # noqa: N802 - the name logging calls
        kind, _, place = ei
        if kind is None:
            return ""
        steps = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(place)[-4:]]
        return f"[{kind.__name__} at {' < '.join(reversed(steps))}]"

    def format(self, record: logging.LogRecord) -> str:
        line = printable(super().format(record))
        return line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"


def printable(text: str) -> str:
    """`text` on one line, with every control and unprintable character escaped."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def start(service: str, level: int = logging.INFO) -> logging.Logger:
    """Send the process's log to standard error; the service's logger. Under journald the journal adds the time."""
    stamp = "" if "JOURNAL_STREAM" in os.environ else "%(asctime)s "
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(stamp + _LINE))
    # No line tells thread, process or place: not looking them up halves the cost of a line (logging cookbook).
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - the documented switch
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    if os.environ.get(FOLDER):
        keep(Path(os.environ[FOLDER]), service)
    return logging.getLogger(service)


def keep(folder: Path, service: str) -> None:
    """Keep what is logged from now on in this folder, too."""
    logging.getLogger().addHandler(KeptFile(folder / f"{service}.log"))


class KeptFile(logging.Handler):
    """The newest lines in a file, each after its Unix time; those before in another beside it. What the disk refuses
    is not kept: standard error has it.
    """

    def __init__(self, path: Path, most_octets: int = KEPT_OCTETS) -> None:
        super().__init__()
        self.setFormatter(LineFormatter(_LINE))
        self._path = path
        self._most_octets = most_octets
        self._descriptor = -1
        self._size = 0

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{record.created:.3f} {self.format(record)}\n".encode(errors="backslashreplace")
        with contextlib.suppress(OSError):
            if self._descriptor < 0 or self._size + len(line) > self._most_octets:
                self._turn()
            self._size += os.write(self._descriptor, line)

    def _turn(self) -> None:
        """Open the file; one that is full makes room first."""
        if self._descriptor >= 0:
            self._shut()
            self._path.replace(before(self._path))
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
        self._size = os.fstat(self._descriptor).st_size
        if self._size >= self._most_octets:
            self._turn()

    def _shut(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def close(self) -> None:
        self._shut()
        super().close()


def before(path: Path) -> Path:
    """The file that holds what was logged before."""
    return path.with_name(f"{path.name}.1")
