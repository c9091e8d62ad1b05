"""Log lines on standard error: one event a line, control characters escaped, at most 500 characters.

Callers give masked numbers, lengths and outcomes; `Secret` and `MessageText` do not print themselves, and a
traceback is reduced to the error's type and place, because an exception's words may quote what it choked on.
"""

import logging
import os
import sys
import traceback
from types import TracebackType

MAX_LINE = 500
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
    handler.setFormatter(LineFormatter(f"{stamp}%(levelname)s %(name)s: %(message)s"))
    # No line tells thread, process or place: not looking them up halves the cost of a line (logging cookbook).
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - the documented switch
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    return logging.getLogger(service)
