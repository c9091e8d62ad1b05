"""What the report adds up to, against adding up in plain Python."""

import datetime as dt
import math
import zoneinfo
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.history import Past, many, open_file, put
from otpbroker.dispatch.report import answers
from otpbroker.dispatch.report.book import Book
from otpbroker.dispatch.report.count import Reader
from otpbroker.dispatch.report.days import days
from otpbroker.errors import BrokerError
from otpbroker.verbs.report import Report, ReportCells

ZONE = "Asia/Jakarta"
FIRST = dt.datetime(2026, 11, 1, tzinfo=zoneinfo.ZoneInfo(ZONE)).timestamp()
ASKED = {"from_day": "2026-11-01", "to_day": "2026-11-04"}

MESSAGES = st.lists(
    st.builds(
        Past,
        message_id=st.uuids().map(lambda made: made.hex[:24]),
        accepted_at=st.floats(FIRST - 86400, FIRST + 5 * 86400),
        door=st.sampled_from(["rest", "amqp"]),
        masked=st.sampled_from(["62812****666", "62856****666", "6281****666", "****"]),
        state=st.sampled_from(["queued", "submitted", "delivered", "failed", "expired", "unknown"]),
        modem=st.sampled_from(["m0", "m1", ""]),
        parts=st.integers(1, 10),
        reason=st.sampled_from(["", "report.busy", "modem.silent"]),
        latency_ms=st.none() | st.integers(0, 700_000),
        cost=st.sampled_from(["", "50", "0.1", "12.0001", "999999999.9999"]),
    ),
    max_size=40,
    unique_by=lambda message: message.message_id,
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "door": st.sampled_from(["rest", "amqp"]),
        "modem": st.sampled_from(["m0", "m1"]),
        "state": st.sampled_from(["submitted", "failed"]),
    },
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("ledger") / "state.sqlite"


@pytest.fixture(scope="module")
def ledger(file):
    return open_file(file)


@pytest.fixture
def book(file, ledger):
    ledger.execute("DELETE FROM messages")
    return Book(Reader(file), 4)


def report(book, **asked):
    return answers.told(book, Report(**(ASKED | asked)), ZONE, incomplete=False)


def day(message):
    return dt.datetime.fromtimestamp(message.accepted_at, zoneinfo.ZoneInfo(ZONE)).date().isoformat()


def went_out(message):
    bad = message.state == "failed" and not message.reason.startswith("report.")
    return message.state in ("submitted", "delivered", "failed") and not bad


def summed(messages, key):
    """Each key to states, parts and cost."""
    found = defaultdict(list)
    for message in messages:
        found[key(message)].append(message)
    return {name: plainly(of) for name, of in found.items()}


def plainly(messages):
    costs = [Decimal(m.cost) for m in messages if m.cost and (went_out(m) or m.state == "unknown")]
    return Counter(m.state for m in messages), sum(m.parts for m in messages), sum(costs) if costs else None


def told(sums):
    return {each.key: (Counter(each.states), each.parts, Decimal(each.cost) if each.cost else None) for each in sums}


def percentile(values, percent):
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


@given(MESSAGES, FILTERS)
def test_it_adds_up_to_what_plain_counting_finds(file, ledger, messages, wanted):
    ledger.execute("DELETE FROM messages")
    put(ledger, messages)
    book = Book(Reader(file), 4)
    found = report(book, **wanted)
    in_range = [m for m in messages if "2026-11-01" <= day(m) <= "2026-11-04"]
    left = [m for m in in_range if all(getattr(m, name) == value for name, value in wanted.items())]
    empty = {name: plainly([]) for name in ("2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04")}
    assert told(found.days) == empty | summed(left, day)
    assert told([found.total]) == {"": plainly(left)}
    assert told(found.modems) == summed(left, lambda m: m.modem)
    assert told(found.doors) == summed(left, lambda m: m.door)
    assert told(found.prefixes) == summed(left, lambda m: m.masked.partition("*")[0][:4])
    bad = [m for m in left if m.state in ("failed", "expired", "unknown") and m.reason]
    assert told(found.reasons) == summed(bad, lambda m: m.reason)
    took = [m.latency_ms for m in left if went_out(m) and m.latency_ms is not None]
    assert (found.speed is None) == (not took)
    if took:
        right = (percentile(took, 50), percentile(took, 95), percentile(took, 99))
        assert found.speed.count == len(took)
        for value, exact in zip((found.speed.p50_ms, found.speed.p95_ms, found.speed.p99_ms), right, strict=True):
            assert value <= exact <= value + value / 64
    cells = answers.told(book, ReportCells(**ASKED, **wanted), ZONE, incomplete=False)
    expected = summed(left, lambda m: (day(m), m.modem, m.door, m.state))
    assert {(c.day, c.modem, c.door, c.state): (c.count, c.parts) for c in cells.cells} == {
        key: (sum(states.values()), parts) for key, (states, parts, _) in expected.items()
    }


def test_a_day_that_changes_late_is_counted_again(book, file, ledger):
    put(ledger, many(300, until=FIRST + 4 * 86400, days=4))
    report(book)
    ledger.execute("UPDATE messages SET state = 'failed', reason = 'report.busy' WHERE state = 'submitted'")
    put(ledger, [Past("new", FIRST + 100, masked="62899****111")])
    assert report(book) == report(Book(Reader(file), 4))
    ledger.execute("DELETE FROM messages WHERE accepted_at < ?", (FIRST + 86400,))
    changed = report(book)
    assert changed == report(Book(Reader(file), 4))
    assert changed.days[0].states == {}


def test_little_is_remembered_where_there_is_little_room(file, ledger, book):
    put(ledger, many(300, until=FIRST + 4 * 86400, days=4))
    small = Book(Reader(file), 4, most_octets=1000)
    for _ in range(3):
        assert report(small) == report(book)
        assert small._octets <= 1000


def test_a_long_report_is_told_in_whole_days(book, ledger, monkeypatch):
    monkeypatch.setattr(answers, "MOST_CELLS", 5)
    put(ledger, many(400, until=FIRST + 4 * 86400, days=4))
    cells, next_day = [], ASKED["from_day"]
    while next_day:
        page = answers.told(book, ReportCells(from_day=next_day, to_day=ASKED["to_day"]), ZONE, incomplete=False)
        assert page.next_day != next_day
        cells, next_day = cells + page.cells, page.next_day
    assert sum(cell.count for cell in cells) == 400
    assert [cell.day for cell in cells] == sorted(cell.day for cell in cells)


def test_an_empty_ledger_reaches_back_to_nowhere(book):
    found = report(book)
    assert (found.first_day, found.total.count, found.total.cost, found.speed) == ("", 0, "", None)


def test_a_day_is_as_long_as_the_clock_on_the_wall_has_it():
    found = days("2026-10-24", "2026-10-26", "Europe/Berlin", 0)
    assert [round((each.until - each.since) / 3600) for each in found] == [24, 25, 24]
    assert [each.until for each in found[:-1]] == [each.since for each in found[1:]]


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        ("2026-02-30", "", "history.no_day"),
        ("2026-11-02", "2026-11-01", "history.days_reversed"),
        ("2020-01-01", "2026-11-01", "history.too_many_days"),
    ],
)
def test_what_is_no_range_of_days_is_refused(first, last, key):
    with pytest.raises(BrokerError) as refused:
        days(first, last, ZONE, FIRST)
    assert refused.value.key == key
