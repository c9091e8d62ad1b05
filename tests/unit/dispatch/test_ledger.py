import itertools
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from fakes import disk
from otpbroker.dispatch import schema
from otpbroker.dispatch.blocklist import BlockList
from otpbroker.dispatch.ledger import KEPT_DAYS, Ledger
from otpbroker.dispatch.pins import LedgerPinMemory
from otpbroker.secrets import Secret
from otpbroker.system.keys import Keys

NUMBER = 4711
KEYS = Keys(bytes(32))


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "dispatch"
    folder.mkdir()
    return folder / "state.sqlite"


@pytest.fixture
def opened(path):
    """Opens the ledger, any number of times; what is still open is closed at the end."""
    ledgers = []

    def make(where=path):
        ledgers.append(Ledger(where, retry_s=0.0))
        return ledgers[-1]

    yield make
    for ledger in ledgers:
        if ledger._thread.is_alive():
            ledger.close()


def row(message_id, state="sending", number=NUMBER, at=None):
    at = time.time() if at is None else at
    return (message_id, at, "rest", "shop", None, None, number, "62812****890", state, "m0", 1, 15, False)


def outcome(message_id, state="submitted", reason="", marks=","):
    return (state, "m0", reason, 12, "50", False, marks, message_id)


def on_disk(path):
    """What another process reads, as after a power cut of ours."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT message_id, state FROM messages"))


def settle(ledger):
    ledger.write_through("SELECT 1", ())


def test_an_intent_is_on_disk_when_its_ticket_is_done(opened, path):
    ledger = opened()
    for number in range(20):
        assert ledger.intend(row(f"m{number}")).wait()
        assert on_disk(path)[f"m{number}"] == "sending"


def test_waiting_intents_share_one_flush(path):
    ledger = Ledger(path, flush_delay_s=0.1)
    begin = time.monotonic()
    tickets = [ledger.intend(row(f"m{number}")) for number in range(200)]
    assert all(ticket.wait() for ticket in tickets)
    assert time.monotonic() - begin < 2
    assert len(on_disk(path)) == 200
    ledger.close()


def test_a_ticket_gives_up_on_a_disk_that_hangs(path):
    ledger = Ledger(path, flush_delay_s=0.3)
    ticket = ledger.intend(row("m0"))
    assert not ticket.wait(0.01)
    assert ticket.wait(5)
    ledger.close()


def test_outcomes_are_written_in_order_and_told_after(opened, path):
    ledger, seen = opened(), []
    ledger.intend(row("m0"))
    ledger.write(schema.OUTCOME, outcome("m0"), lambda: seen.append(on_disk(path)["m0"]))
    settle(ledger)
    settle(ledger)
    assert seen == ["submitted"]


def test_close_writes_what_waits(opened, path):
    ledger = opened()
    for number in range(100):
        ledger.write(schema.UPSERT, row(f"m{number}", "queued"))
    ledger.close()
    assert len(on_disk(path)) == 100
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_next_life_names_what_the_last_one_had_in_hand(opened, path):
    ledger = opened()
    for message_id, state in [("q", "queued"), ("s", "sending"), ("ok", "submitted"), ("no", "failed")]:
        ledger.write(schema.UPSERT, row(message_id, state))
    ledger.close()
    told = dict(opened().read("SELECT message_id, state || ' ' || reason FROM messages"))
    expected = {"q": "failed message.restarted", "s": "unknown message.in_doubt", "ok": "submitted ", "no": "failed "}
    assert told == expected


def test_ninety_days_are_kept(opened):
    ledger, day = opened(), 86400
    ledger.write(schema.UPSERT, row("old", "submitted", at=time.time() - (KEPT_DAYS + 1) * day))
    ledger.write(schema.UPSERT, row("young", "submitted", at=time.time() - (KEPT_DAYS - 1) * day))
    ledger.write(schema.UPSERT, row("new", "submitted"))
    ledger.close()
    assert {message_id for (message_id,) in opened().read("SELECT message_id FROM messages")} == {"young", "new"}


@pytest.mark.parametrize("sure", [True, False])
def test_what_becomes_too_old_goes_by_and_by_where_the_clock_is_sure(opened, path, monkeypatch, sure):
    monkeypatch.setattr("otpbroker.dispatch.ledger.is_synchronised", lambda: sure)
    monkeypatch.setattr("otpbroker.dispatch.ledger._PRUNE_LATER_S", 0.0)
    monkeypatch.setattr("otpbroker.dispatch.ledger._PRUNE_AGAIN_S", 0.0)
    monkeypatch.setattr("otpbroker.dispatch.ledger._PRUNED_ROWS", 2)
    ledger = opened()
    now = time.time()
    for number in range(5):
        ledger.write(schema.UPSERT, row(f"old{number}", at=now - (KEPT_DAYS + 1) * 86400 + number))
    ledger.write(schema.UPSERT, row("young", at=now))
    left = []
    for _ in range(4):
        ledger.settle(5)
        left.append(len(on_disk(path)))
    assert left[-1] == (1 if sure else 6)
    assert all(before - after <= 2 for before, after in itertools.pairwise(left))
    assert "young" in on_disk(path)


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_jumped_deletes_nothing(opened, years):
    """Seen from rows: all of them are ten years off."""
    ledger = opened()
    for number in range(3):
        ledger.write(schema.UPSERT, row(f"m{number}", "submitted", at=time.time() + years * 365 * 86400 + number))
    ledger.close()
    assert len(opened().read("SELECT 1 FROM messages")) == 3


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + os.urandom(8000)], ids=["text", "noise"]
)
def test_a_damaged_file_is_kept_beside(opened, path, content):
    path.write_bytes(content)
    ledger = opened()
    assert not ledger.broken
    assert ledger.intend(row("m0")).wait()
    assert on_disk(path) == {"m0": "sending"}
    (aside,) = path.parent.glob("state.sqlite.aside-*")
    assert aside.read_bytes() == content


def test_a_file_of_another_version_is_kept_beside_and_its_block_list_taken(opened, path):
    ledger = opened()
    BlockList(ledger).block("6281234567890")
    ledger.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE messages; CREATE TABLE messages (other TEXT); PRAGMA user_version = 2")
    later = opened()
    assert later.intend(row("m0")).wait()
    assert on_disk(path) == {"m0": "sending"}
    assert "6281234567890" in BlockList(later)
    assert [file for file in path.parent.glob("state.sqlite.aside-*") if file.suffix[-4:] not in ("-wal", "-shm")]


def test_a_full_disk_keeps_rows_until_it_takes_them(opened, path):
    ledger = opened()
    assert ledger.intend(row("before")).wait()
    with disk.full():
        for number in range(50):
            assert ledger.intend(row(f"m{number}")).wait()
            ledger.write(schema.OUTCOME, outcome(f"m{number}"))
        settle(ledger)
        assert ledger.broken
        assert len(ledger.sent_since(NUMBER, 0, time.time())) == 50
    settle(ledger)
    assert not ledger.broken
    states = on_disk(path)
    assert len(states) == 51
    assert [state for message_id, state in states.items() if message_id != "before"] == ["submitted"] * 50
    assert len(ledger.sent_since(NUMBER, 0, time.time())) == 50


def test_the_end_tries_a_refusing_disk_once_more(path):
    ledger = Ledger(path, retry_s=3600)
    with disk.full():
        assert ledger.intend(row("m0")).wait()
        assert ledger.broken
    ledger.close()
    assert on_disk(path) == {"m0": "sending"}


def test_a_disk_that_stays_full_costs_bounded_memory(opened):
    ledger = opened()
    with disk.full():
        for number in range(6000):
            ledger.write(schema.UPSERT, row(f"m{number}"))
        settle(ledger)
        assert len(ledger._backlog) == 5000


def test_a_folder_that_is_missing_and_comes(opened, tmp_path):
    path = tmp_path / "later" / "state.sqlite"
    ledger = opened(path)
    assert ledger.broken
    BlockList(ledger).block("6281234567890")
    assert ledger.intend(row("m0")).wait()
    assert ledger.read("SELECT 1 FROM messages") == []
    path.parent.mkdir()
    settle(ledger)
    assert not ledger.broken
    assert on_disk(path) == {"m0": "sending"}
    assert "6281234567890" in BlockList(ledger)


@pytest.mark.parametrize("clean_end", [True, False])
def test_a_read_only_disk_still_tells_who_is_blocked_and_which_pin_was_refused(opened, path, clean_end):
    first = opened()
    BlockList(first).block("6281234567890")
    LedgerPinMemory(first, KEYS).remember("m0", "sim", Secret("1234"))
    if clean_end:
        first.close()
    with disk.read_only(path.parent):
        ledger = opened()
        assert ledger.broken
        assert "6281234567890" in BlockList(ledger)
        pins = LedgerPinMemory(ledger, KEYS)
        assert pins.refused("m0", "sim", Secret("1234"))
        assert not pins.refused("m0", "sim", Secret("1235"))
        assert ledger.intend(row("m0")).wait()
    settle(ledger)
    assert not ledger.broken
    assert on_disk(path) == {"m0": "sending"}


def test_a_pin_is_forgotten_when_it_is_told_to(opened):
    pins = LedgerPinMemory(opened(), KEYS)
    pins.remember("m0", "sim", Secret("1234"))
    pins.forget("m0", "sim", Secret("1234"))
    assert not pins.refused("m0", "sim", Secret("1234"))


def test_sent_since_counts_what_went_out(opened):
    ledger, now = opened(), time.time()
    for state in ("submitted", "delivered", "unknown", "queued", "sending", "failed", "expired"):
        ledger.write(schema.UPSERT, row(state, state, at=now - 10))
    ledger.write(schema.UPSERT, row("other", "submitted", number=1, at=now - 10))
    ledger.write(schema.UPSERT, row("early", "submitted", at=now - 100))
    ledger.write(schema.UPSERT, row("future", "submitted", at=now + 1e8))
    settle(ledger)
    assert ledger.sent_since(NUMBER, now - 50, now) == {"submitted", "delivered", "unknown"}


KILLED = """
import sys, time
from pathlib import Path
from otpbroker.dispatch.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
number = 0
while True:
    row = (f"m{number}", time.time(), "rest", "", None, None, 1, "", "sending", "m0", 1, 1, False)
    assert ledger.intend(row).wait()
    print(number, flush=True)
    number += 1
"""


def test_kill_9_loses_no_intent_that_was_promised(path):
    environment = os.environ | {"PYTHONPATH": "src"}
    with subprocess.Popen([sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE, env=environment) as process:
        told = [int(process.stdout.readline()) for _ in range(100)]
        process.kill()
        told += [int(line) for line in process.stdout.read().splitlines()]
    stored = on_disk(path)
    assert {f"m{number}" for number in told} <= stored.keys()
    assert len(stored) <= len(told) + 1


def test_what_a_change_found_is_told_once_it_is_in_the_file(opened, path):
    ledger, told = opened(), []
    ledger.write(schema.UPSERT, row("m0"))
    ledger.write(schema.OUTCOME, outcome("m0", marks=",7,"))
    report = (",7,", "m0", NUMBER, 0)
    with disk.full():
        ledger.change(schema.DELIVERED, report, told.append)
        settle(ledger)
        assert told == []
    settle(ledger)
    ledger.change(schema.DELIVERED, report, told.append)
    ledger.close()
    assert [[found[5] for found in rows] for rows in told] == [["delivered"], []]
    assert on_disk(path) == {"m0": "delivered"}
