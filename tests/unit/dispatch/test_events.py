import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.dispatch.events import Events
from otpbroker.outcomes import stream as streaming
from otpbroker.system.timers import Timers
from otpbroker.verbs.dispatch import LedgerRow
from otpbroker.verbs.events import MOST_EVENTS, AwaitOutcomes


def row(number, state="delivered"):
    return LedgerRow(
        message_id=f"{number:024x}",
        accepted_at=1.0,
        door="rest",
        user="shop",
        msisdn_masked="62812****890",
        state=state,
        modem="m0",
        parts=1,
        units=15,
        reason="",
        latency_ms=7,
        cost="50",
        resent=False,
    )


class NoTimers:
    def at(self, when_s, action):
        return (0, 0)

    def cancel(self, timer):
        pass


@pytest.fixture
def stream():
    return Events(NoTimers(), due=None)


def asked(stream, answer, after=0, life=None):
    """What is answered at once, if anything."""
    at_once = stream.add(AwaitOutcomes(life=stream.life if life is None else life, after=after), answer)
    if at_once is not None:
        at_once()


def numbers(outcomes):
    return [int(event.message_id, 16) for event in outcomes.events]


def test_who_knows_nothing_is_told_where_things_stand(stream):
    told = []
    stream.reported(row(1))
    asked(stream, told.append, life="")
    assert (told[0].life, told[0].last, told[0].events, told[0].lost) == (stream.life, 1, (), 0)


def test_another_life_is_told_all_of_this_one(stream):
    told = []
    for number in (1, 2):
        stream.reported(row(number))
    asked(stream, told.append, after=500, life="of another process")
    assert numbers(told[0]) == [1, 2]
    assert (told[0].life, told[0].last, told[0].lost) == (stream.life, 2, 0)


def test_who_knows_all_waits_and_is_told_once(stream):
    told, other = [], []
    asked(stream, told.append)
    asked(stream, other.append)
    assert told == []
    stream.reported(row(1))
    stream.reported(row(2))
    for answer in stream.tell():
        answer()
    assert [numbers(outcomes) for outcomes in told + other] == [[1, 2], [1, 2]]
    assert stream.tell() == []


def test_parts_that_are_still_on_their_way_are_no_event(stream):
    told = []
    stream.reported(row(1, "submitted"))
    asked(stream, told.append)
    assert told == []


def test_a_minute_without_news_is_an_answer_too(monkeypatch):
    monkeypatch.setattr(streaming, "LONGEST_WAIT_S", 0.05)
    told, timers, came = [], Timers(), threading.Event()
    stream = Events(timers, lambda: came.set() or [answer() for answer in stream.tell()])
    asked(stream, told.append)
    assert came.wait(5)
    timers.stop()
    assert [(outcomes.last, outcomes.events) for outcomes in told] == [(0, ())]


def test_news_come_gathered_and_soon():
    told, timers, came = [], Timers(), threading.Event()
    stream = Events(timers, lambda: [answer() for answer in stream.tell()] and came.set())
    asked(stream, told.append)
    for number in range(1, 51):
        stream.reported(row(number))
    assert came.wait(5)
    timers.stop()
    assert [numbers(outcomes) for outcomes in told] == [list(range(1, 51))]


@given(st.lists(st.integers(0, 700), max_size=12), st.integers(1, 600))
def test_every_event_is_told_once_in_order_or_counted_as_lost(bursts, kept):
    stream = Events(NoTimers(), due=None)
    stream._kept = streaming.deque(maxlen=kept)
    told, seen, lost, count = [], [], 0, 0
    for burst in [*bursts, 0, 0, 0]:
        for _ in range(burst):
            count += 1
            stream.reported(row(count))
        asked(stream, told.append, after=told[-1].last if told else 0)
        for answer in stream.tell():
            answer()
        assert len(told[-1].events) <= MOST_EVENTS
        lost += told[-1].lost
        seen += numbers(told[-1])
        assert told[-1].last == len(seen) + lost
    while told[-1].last < count:
        asked(stream, told.append, after=told[-1].last)
        lost += told[-1].lost
        seen += numbers(told[-1])
    assert len(seen) + lost == count
    assert seen == sorted(set(seen))
