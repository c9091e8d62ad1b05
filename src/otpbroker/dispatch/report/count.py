"""One day of the ledger, counted by SQLite (Python's lock is free meanwhile): the few numbers that a report adds up."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from otpbroker.dispatch import schema
from otpbroker.dispatch.report.days import Day

COST_UNITS: Final = 10_000  # tariffs have at most four decimals
Kind = Literal["modem", "door", "reason", "prefix"]

# A write-ahead log beside the file is read too where the folder lets SQLite do so; else the file alone.
_WAYS: Final = ("mode=ro", "mode=ro&immutable=1")

# What went out took its time and its money; what is unknown may have, and is counted among the costs.
_WENT_OUT: Final = "(state IN ('submitted', 'delivered') OR (state = 'failed' AND reason GLOB 'report.*'))"
_COST: Final = f"""
CASE WHEN cost != '' AND (state = 'unknown' OR {_WENT_OUT}) THEN CAST(round(cost * {COST_UNITS}) AS INTEGER) END
"""
# Latencies keep their seven leading bits: exact below 128 ms, to 1.6 % above.
_STEPS: Final = " ".join(
    f"WHEN latency_ms < {1 << bits} THEN latency_ms & ~{(1 << (bits - 7)) - 1}" for bits in range(7, 31)
)

_COUNT: Final = f"""
WITH found AS MATERIALIZED (
  SELECT modem, door, state, reason, substr(masked, 1, min(?, instr(masked, '*') - 1)) AS prefix, parts,
         {_COST} AS cost,
         CASE WHEN {_WENT_OUT} AND latency_ms IS NOT NULL THEN CASE {_STEPS} ELSE latency_ms & ~16777215 END END AS ms
  FROM messages INDEXED BY messages_by_time WHERE accepted_at >= ? AND accepted_at < ?{{more}}),
small AS MATERIALIZED (
  SELECT modem, door, state, reason, count(*) AS n, sum(parts) AS parts, sum(cost) AS cost FROM found
  GROUP BY 1, 2, 3, 4)
SELECT 'modem', modem, state, sum(n), sum(parts), sum(cost) FROM small GROUP BY 2, 3
UNION ALL SELECT 'door', door, state, sum(n), sum(parts), sum(cost) FROM small GROUP BY 2, 3
UNION ALL SELECT 'reason', reason, state, sum(n), sum(parts), sum(cost) FROM small
          WHERE state IN ('failed', 'expired', 'unknown') AND reason != '' GROUP BY 2, 3
UNION ALL SELECT 'prefix', prefix, state, count(*), sum(parts), sum(cost) FROM found GROUP BY 2, 3
UNION ALL SELECT 'speed', ms, '', count(*), 0, NULL FROM found WHERE ms IS NOT NULL GROUP BY 2
"""  # noqa: S608 - constants, and columns with marks
_CELLS: Final = f"""
SELECT modem, door, state, count(*), sum(parts), sum({_COST})
FROM messages INDEXED BY messages_by_time WHERE accepted_at >= ? AND accepted_at < ?{{more}} GROUP BY 1, 2, 3
"""  # noqa: S608 - constants, and columns with marks
_MARK: Final = """
WITH states (state) AS (
  VALUES ('queued'), ('sending'), ('submitted'), ('delivered'), ('failed'), ('expired'), ('unknown'))
SELECT (SELECT count(*) FROM messages INDEXED BY messages_by_state
        WHERE messages.state = states.state AND accepted_at >= ? AND accepted_at < ?)
FROM states
"""

Cell = tuple[str, str, str, int, int, int | None]  # modem, door, state, messages, parts, cost


class Amount(Struct, array_like=True, frozen=True, gc=False):
    """Messages of one `key` and `state`; `cost` in `COST_UNITS`, None where no tariff said anything."""

    kind: Kind
    key: str
    state: str
    count: int
    parts: int
    cost: int | None


class Counted(Struct, array_like=True, frozen=True, gc=False):
    """`speeds`: how many messages took how many milliseconds."""

    amounts: list[Amount]
    speeds: list[tuple[int, int]]


Mark = tuple[int, ...]


class Filter(Struct, frozen=True):
    """Empty names filter nothing."""

    door: str = ""
    modem: str = ""
    state: str = ""

    def conditions(self) -> Mapping[str, str]:
        wanted = {"door = ?": self.door, "modem = ?": self.modem, "state = ?": self.state}
        return {condition: value for condition, value in wanted.items() if value}


class Reader:
    """The state file at `path`, never to be written; nothing where there is none that can be read. Of one thread."""

    def __init__(self, path: Path) -> None:
        self._connection = _open(path)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def version(self) -> int:
        """Another one whenever somebody has written."""
        ((version,),) = self._connection.execute("PRAGMA data_version")
        return int(version)

    def mark(self, day: Day) -> Mark:
        """Another one whenever something has happened to a message of that day: it shows in the states."""
        return tuple(int(count) for (count,) in self._connection.execute(_MARK, (day.since, day.until)))

    def oldest(self) -> float | None:
        ((oldest,),) = self._connection.execute("SELECT min(accepted_at) FROM messages")
        return None if oldest is None else float(oldest)

    def count(self, day: Day, wanted: Filter, prefix_length: int) -> Counted:
        more = wanted.conditions()
        statement = _COUNT.format(more="".join(f" AND {condition}" for condition in more))
        rows = self._connection.execute(statement, (prefix_length, day.since, day.until, *more.values())).fetchall()
        amounts = [Amount(*row) for row in rows if row[0] != "speed"]
        return Counted(amounts, [(row[1], row[3]) for row in rows if row[0] == "speed"])

    def cells(self, day: Day, wanted: Filter) -> Iterable[Cell]:
        more = wanted.conditions()
        statement = _CELLS.format(more="".join(f" AND {condition}" for condition in more))
        return self._connection.execute(statement, (day.since, day.until, *more.values())).fetchall()

    def close(self) -> None:
        self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    for way in _WAYS:
        try:
            connection = sqlite3.connect(schema.uri(path, way), uri=True, isolation_level=None, check_same_thread=False)
        except sqlite3.Error:
            continue
        try:
            connection.execute("PRAGMA cache_size = -4096")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("SELECT 1 FROM messages LIMIT 1")
        except sqlite3.Error:
            connection.close()
        else:
            return connection
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(schema.CREATE)
    return connection
