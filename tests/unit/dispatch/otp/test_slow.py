import threading

import pytest

from otpbroker.dispatch.otp.slow import MOST_WAITING, SlowThread
from otpbroker.errors import BrokerError, ResponseCode

ONE, OTHER = ("rest", "one"), ("rest", "other")


@pytest.fixture
def held():
    """A thread that has a job in hand until the event is set."""
    slow, begun, go_on = SlowThread(), threading.Event(), threading.Event()
    slow.put(ONE, lambda: (begun.set(), go_on.wait(5)))
    assert begun.wait(5)
    yield slow, go_on
    go_on.set()
    slow.stop()


def test_jobs_of_a_lane_are_done_in_order_by_one_thread_and_all_before_the_end():
    slow, done = SlowThread(), []
    for n in range(100):
        slow.put(ONE, lambda n=n: done.append((n, threading.current_thread().name)))
    slow.stop()
    assert done == [(n, "otp") for n in range(100)]


def test_lanes_take_turns(held):
    slow, go_on = held
    done = []
    for name, lane in [("a1", ONE), ("a2", ONE), ("a3", ONE), ("b1", OTHER), ("b2", OTHER)]:
        slow.put(lane, lambda name=name: done.append(name))
    go_on.set()
    slow.stop()
    assert done == ["a1", "b1", "a2", "b2", "a3"]


def test_too_many_of_a_lane_are_refused_at_once(held):
    slow, _ = held
    for _ in range(MOST_WAITING):
        slow.put(ONE, lambda: None)
    with pytest.raises(BrokerError) as caught:
        slow.put(ONE, lambda: None)
    assert (caught.value.code, caught.value.key) == (ResponseCode.LIMIT, "otp.busy")
    assert caught.value.retry_after_s > 0
    slow.put(OTHER, lambda: None)
