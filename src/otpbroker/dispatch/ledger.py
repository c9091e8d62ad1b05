"""Dispatch's memory of what it did: one SQLite file, one writer thread, group commit (DESIGN §4).

An intent is on disk before the first octet of a text leaves; all intents that wait share one flush. Outcomes ride with
the next intent, or go without a flush when none comes for a moment: a modem never waits for the record of another one's
message. When the disk refuses, rows are kept in memory, an alarm stands, and SMS keep flowing.
"""

import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

from otpbroker.dispatch import schema
from otpbroker.dispatch.salvage import salvage
from otpbroker.system.clock import wall_s
from otpbroker.system.synchrony import is_synchronised

_LOG: Final = logging.getLogger(__name__)
KEPT_DAYS: Final = 90
_BACKLOG_ROWS: Final = 5000
RETRY_S: Final = 5.0
TICKET_WAIT_S: Final = 2.0
_RIDE_S: Final = 0.02
_MOST_LOGS: Final = 1000
_PRUNED_ROWS: Final = 100  # at once: a millisecond or two of a commit that nobody waits for
_PRUNE_AGAIN_S: Final = 5.0
_PRUNE_LATER_S: Final = 3600.0

_OUT: Final = ("submitted", "unknown")

Row = tuple[Any, ...]


class Ticket:
    """Held until the writes it was given for are on disk (or kept in memory because the disk refuses)."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def done(self) -> None:
        self._lock.release()

    def wait(self, timeout_s: float = TICKET_WAIT_S) -> bool:
        """False when the disk is slower than any disk should be; the caller goes on, the writer raises the alarm."""
        return self._lock.acquire(timeout=timeout_s)


class _Write(Struct):
    statement: str
    row: Row
    ticket: Ticket | None = None
    log: Callable[[], None] | None = None
    found: Callable[[list[Row]], None] | None = None
    rows: list[Row] = field(default_factory=list)


class _Barrier(Struct):
    """Asks the writer to stop after everything before it."""

    ticket: Ticket = field(default_factory=Ticket)


class Ledger:
    """`flush_delay_s` is added to every flush: the bench's stand-in for a slow SD card. A disk that refused is tried
    again after `retry_s`.
    """

    def __init__(self, path: Path, *, flush_delay_s: float = 0.0, retry_s: float = RETRY_S) -> None:
        self._path = path
        self._flush_delay_s = flush_delay_s
        self._retry_s = retry_s
        self._queue: queue.SimpleQueue[_Write | _Barrier | None] = queue.SimpleQueue()
        self._riders: deque[_Write] = deque()
        self._nudged = False
        self._logs: deque[Callable[[], None]] = deque()
        self._backlog: deque[_Write] = deque(maxlen=_BACKLOG_ROWS)
        self._retry_at = 0.0
        self._prune_at = time.monotonic() + _PRUNE_LATER_S
        self.broken = False
        self._reader_lock = threading.Lock()
        self._reader = self._open_or_set_aside()
        self._writer: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._write_for_ever, name="ledger", daemon=True)
        self._thread.start()

    # -- writing ------------------------------------------------------------------------------------------------

    def intend(self, row: Row) -> Ticket:
        """Write a message's row (`schema.UPSERT`) and flush it; wait on the ticket before any text leaves."""
        ticket = Ticket()
        self._queue.put(_Write(schema.UPSERT, row, ticket))
        return ticket

    def write(self, statement: str, row: Row = (), log: Callable[[], None] | None = None) -> None:
        """Write soon, with the next intent or without a flush; `log` runs in the writer's thread some time after."""
        self._ride(_Write(statement, row, None, log))

    def _ride(self, write: _Write) -> None:
        self._riders.append(write)
        if not self._nudged:
            self._nudged = True
            self._queue.put(None)

    def change(self, statement: str, row: Row, found: Callable[[list[Row]], None]) -> None:
        """As `write`; `found` gets the rows that the statement returns, once they are in the file."""
        self._ride(_Write(statement, row, None, None, found))

    def write_now(self, statement: str, row: Row, then: Callable[[], None]) -> None:
        """Write at once, without a flush; `then` runs in the writer's thread afterwards."""
        self._queue.put(_Write(statement, row, None, then))

    def settle(self, timeout_s: float = 0.2) -> None:
        """Wait until what was written so far can be read."""
        ticket = Ticket()
        self.write_now("SELECT 1", (), ticket.done)
        ticket.wait(timeout_s)

    def write_through(self, statement: str, row: Row) -> None:
        """Write and flush before returning: for commands that must outlive a power cut."""
        ticket = Ticket()
        self._queue.put(_Write(statement, row, ticket))
        ticket.wait()

    def close(self) -> None:
        barrier = _Barrier()
        self._queue.put(barrier)
        barrier.ticket.wait(10)
        self._thread.join(10)
        with self._reader_lock:
            self._reader.close()

    # -- reading ------------------------------------------------------------------------------------------------

    def read(self, statement: str, row: Row = ()) -> list[Row]:
        """Rows of a SELECT; none when the disk does not answer."""
        try:
            with self._reader_lock:
                return self._reader.execute(statement, row).fetchall()
        except sqlite3.Error:
            return []

    def sent_since(self, number_key: int, since: float, until: float) -> set[str]:
        """The messages to this number that went out, or may have, in the window (`until` bounds clock jumps)."""
        rows = self.read(
            "SELECT message_id FROM messages WHERE number_key = ? AND accepted_at BETWEEN ? AND ?"
            " AND state IN ('submitted', 'delivered', 'unknown')",
            (number_key, since, until),
        )
        return {message_id for (message_id,) in rows} | self._kept_since(number_key, since, until)

    def _kept_since(self, number_key: int, since: float, until: float) -> set[str]:
        """The same of what the disk has not taken yet."""
        kept = self._backlog.copy()
        rows = (w.row for w in kept if w.statement is schema.UPSERT)
        accepted = {row[0] for row in rows if row[6] == number_key and since <= row[1] <= until}
        return accepted & {w.row[7] for w in kept if w.statement is schema.OUTCOME and w.row[0] in _OUT}

    # -- the writer's thread ------------------------------------------------------------------------------------

    def _open_or_set_aside(self) -> sqlite3.Connection:
        """The file, made or mended; one that is none of ours any more is kept beside and a new one begun."""
        try:
            return self._prepare()
        except (sqlite3.OperationalError, OSError) as error:
            return self._in_memory(error)
        except sqlite3.DatabaseError as error:
            return self._begin_anew(error)

    def _begin_anew(self, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        aside = self._path.with_name(f"{self._path.name}.aside-{int(wall_s())}")
        try:
            for end in ("", "-wal"):
                with suppress(FileNotFoundError):
                    self._path.with_name(self._path.name + end).rename(aside.with_name(aside.name + end))
            connection = self._prepare()
        except (sqlite3.OperationalError, OSError) as refusal:
            return self._in_memory(refusal)
        _LOG.warning("the state file cannot be used (%s); kept as %s, a new one is begun", error, aside.name)
        salvage(aside, connection)
        return connection

    def _prepare(self) -> sqlite3.Connection:
        connection = self._connect()
        for statement in schema.RECOVER:
            connection.execute(statement)
        connection.execute(schema.PRUNE, (wall_s(), KEPT_DAYS * 86400, -1))
        return connection

    def _in_memory(self, error: Exception) -> sqlite3.Connection:
        _LOG.warning("the state file cannot be opened (%s); the ledger is in memory only", error)
        self.broken = True
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        connection.executescript(schema.CREATE)
        salvage(self._path, connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None, timeout=5)
        try:
            self._path.chmod(0o600)
            _make_ours(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _write_for_ever(self) -> None:
        barrier: _Barrier | None = None
        while barrier is None:
            writes, barrier = self._gather()
            self._store(writes, at_once=barrier is not None)
            for write in writes:
                if write.ticket is not None:
                    write.ticket.done()
            self._logs.extend(write.log for write in writes if write.log is not None)
            self._tell(everything=barrier is not None)
        if self._writer is not None:
            self._writer.close()
        barrier.ticket.done()

    def _gather(self) -> tuple[list[_Write], _Barrier | None]:
        """What is to be written now. Riders alone wait a moment for an intent to go with."""
        first = self._queue.get()
        if first is None:
            with suppress(queue.Empty):
                first = self._queue.get(timeout=_RIDE_S)
        # Riders are taken first and written last: the intent of each of them came before it, so it is among the rest.
        self._nudged = False
        riders = [self._riders.popleft() for _ in range(len(self._riders))]
        items = [first]
        while not self._queue.empty():
            items.append(self._queue.get())
        writes = [item for item in items if isinstance(item, _Write)]
        barrier = next((item for item in items if isinstance(item, _Barrier)), None)
        return writes + riders, barrier

    def _tell(self, *, everything: bool) -> None:
        """Log while nobody waits for a write."""
        while self._logs and (everything or self._queue.empty() or len(self._logs) > _MOST_LOGS):
            self._logs.popleft()()

    def _store(self, writes: list[_Write], *, at_once: bool) -> None:
        if self.broken and time.monotonic() < self._retry_at and not at_once:
            self._backlog.extend(writes)
            return
        pending = [*self._backlog, *writes]
        if not pending:
            return
        try:
            self._commit(pending)
        except (sqlite3.Error, OSError) as error:
            self._keep(writes, error)
            return
        self._logs.extend(partial(write.found, write.rows) for write in pending if write.found is not None)
        if self.broken:
            self._mended()
        self._backlog.clear()

    def _commit(self, writes: list[_Write]) -> None:
        if self._writer is None:
            self._writer = self._connect()
        flush = any(write.ticket is not None for write in writes)
        self._writer.execute("PRAGMA synchronous = FULL" if flush else "PRAGMA synchronous = NORMAL")
        self._writer.execute("BEGIN IMMEDIATE")
        for write in writes:
            cursor = self._writer.execute(write.statement, write.row)
            if write.found is not None:
                write.rows = cursor.fetchall()
        if not flush and time.monotonic() >= self._prune_at and is_synchronised():
            self._prune(self._writer)
        self._writer.execute("COMMIT")
        if flush and self._flush_delay_s:
            time.sleep(self._flush_delay_s)

    def _prune(self, writer: sqlite3.Connection) -> None:
        """A few of those that have become too old; the rest soon. Only by a clock that can be believed."""
        pruned = writer.execute(schema.PRUNE, (wall_s(), KEPT_DAYS * 86400, _PRUNED_ROWS)).rowcount
        self._prune_at = time.monotonic() + (_PRUNE_AGAIN_S if pruned else _PRUNE_LATER_S)

    def _keep(self, writes: list[_Write], error: Exception) -> None:
        if not self.broken:
            _LOG.warning("the state cannot be written (%s); the ledger is in memory until it can", error)
        self.broken = True
        self._retry_at = time.monotonic() + self._retry_s
        self._backlog.extend(writes)
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _mended(self) -> None:
        _LOG.warning("the state can be written again")
        with self._reader_lock:
            self._reader.close()
            self._reader = self._connect()
        self.broken = False


def _make_ours(connection: sqlite3.Connection) -> None:
    """Tables in a new file, or the word that this one is of another version."""
    ((version,),) = connection.execute("PRAGMA user_version")
    if version not in (0, schema.VERSION):
        raise sqlite3.DatabaseError(f"its schema is version {version}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -1024")
    connection.executescript(schema.CREATE)
