import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.history import Past, many, open_file, put
from otpbroker.dispatch.report.count import Reader
from otpbroker.dispatch.report.pages import page
from otpbroker.errors import BrokerError
from otpbroker.verbs.dispatch import Messages

NOW = 1_795_000_000.0


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("ledger") / "state.sqlite"


@pytest.fixture(scope="module")
def ledger(file):
    return open_file(file)


@pytest.fixture
def reader(file, ledger):
    ledger.execute("DELETE FROM messages")
    return Reader(file)


def ids(rows):
    return [row.message_id for row in rows.messages]


def walk(reader, limit, **wanted):
    """Every page from the newest on."""
    pages = [page(reader.rows, Messages(limit=limit, **wanted), None, None)]
    while pages[-1].older:
        pages.append(page(reader.rows, Messages(limit=limit, before=pages[-1].older, **wanted), None, None))
    return pages


MOMENTS = st.lists(st.sampled_from([NOW, NOW + 0.1, NOW + 0.2, NOW + 1 / 3]), max_size=30)


@given(MOMENTS, st.integers(1, 7))
def test_pages_hold_every_message_once_also_those_of_one_moment(file, ledger, moments, limit):
    ledger.execute("DELETE FROM messages")
    messages = [Past(f"m{at:02}", moment) for at, moment in enumerate(moments)]
    put(ledger, messages)
    reader = Reader(file)
    pages = walk(reader, limit)
    right = [m.message_id for m in sorted(messages, key=lambda m: (m.accepted_at, m.message_id), reverse=True)]
    assert [each for one in pages for each in ids(one)] == right
    assert all(len(one.messages) == limit for one in pages[:-1])
    assert not pages[0].newer
    for newer, older in itertools.pairwise(pages):
        assert page(reader.rows, Messages(limit=limit, after=older.newer), None, None).messages == newer.messages


def test_new_messages_move_no_page(reader, ledger):
    put(ledger, many(30, until=NOW, days=1))
    first, second, *_ = walk(reader, 10)
    put(ledger, [Past("new", NOW + 5)])
    assert ids(page(reader.rows, Messages(limit=10, before=first.older), None, None)) == ids(second)
    back = page(reader.rows, Messages(limit=10, after=second.newer), None, None)
    assert (ids(back), bool(back.newer)) == (ids(first), True)


def test_every_filter_filters(reader, ledger):
    messages = list(many(300, until=NOW, days=3))
    put(ledger, messages)
    wanted = {"door": "rest", "modem": "m1", "state": "delivered"}
    found = walk(reader, 7, **wanted, number="62811")
    right = {m.message_id for m in messages if m[2] == "rest" and m.modem == "m1" and m.state == "delivered"}
    kept = {m.message_id for m in messages if "62811" in m.masked} & right
    assert {each for one in found for each in ids(one)} == kept
    since, until = NOW - 86400, NOW - 3600
    rows = page(reader.rows, Messages(limit=1000), since, until)
    assert set(ids(rows)) == {m.message_id for m in messages if since <= m.accepted_at < until}


@pytest.mark.parametrize("mark", ["x", "x/y", "1795000000.0"])
def test_a_place_that_is_none_is_refused(reader, mark):
    with pytest.raises(BrokerError):
        page(reader.rows, Messages(before=mark), None, None)


@pytest.mark.parametrize("wanted", [{}, {"state": "failed"}, {"before": f"{NOW}/m"}])
def test_a_page_sorts_nothing(reader, wanted):
    """However many messages there are, only those of the page (and those left out by filters) are looked at."""
    plans = []

    def explain(statement, values):
        plans.extend(reader.rows(f"EXPLAIN QUERY PLAN {statement}", values))
        return []

    page(explain, Messages(limit=5, **wanted), None, None)
    told = " ".join(str(row[3]) for row in plans)
    assert "TEMP B-TREE" not in told
    assert "USING INDEX" in told or "COVERING" in told
