import sqlite3
from contextlib import closing

import pytest

from otpbroker.dispatch import schema


@pytest.mark.parametrize("name", ["state.sqlite", "a b%3f#c?mode=rwc&d%", "ä"])
def test_any_file_is_opened_and_only_read(tmp_path, name):
    path = tmp_path / name
    with closing(sqlite3.connect(path)) as made:
        made.executescript(schema.CREATE)
    with closing(sqlite3.connect(schema.uri(path, "mode=ro"), uri=True)) as reading:
        assert reading.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reading.execute("DELETE FROM messages")
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
