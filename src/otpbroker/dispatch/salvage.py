"""What must outlive a state file that cannot be used as it is: who is blocked, which PINs were refused, what was sent.

The file may be damaged, of another schema version, or on a disk that has turned read-only: each table is taken as far
as it can be read, and the ledger's rows are left where they are.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from otpbroker.dispatch import schema

_TABLES: Final = (
    ("block_list", "msisdn, blocked"),
    ("refused_pins", "digest"),
    ("modem_days", "modem, day, sent"),
    ("modem_ports", "imei, by_path"),
)
# A write-ahead log beside the file is read too where the folder lets SQLite do so; else the file alone.
_WAYS: Final = ("mode=ro", "mode=ro&immutable=1")


def salvage(source: Path, target: sqlite3.Connection) -> None:
    """Copy what `target`, which has the tables, does not have yet. Never fails: what cannot be read stays behind."""
    for table, columns in _TABLES:
        marks = ", ".join("?" for _ in columns.split(","))
        statement = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names stand above
        with suppress(sqlite3.Error):
            target.executemany(statement, _rows(source, table, columns))


def _rows(source: Path, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    for way in _WAYS:
        try:
            with closing(sqlite3.connect(schema.uri(source, way), uri=True)) as connection:
                yield from connection.execute(f"SELECT {columns} FROM {table}")  # noqa: S608 - names stand above
        except sqlite3.Error:
            continue
        return
