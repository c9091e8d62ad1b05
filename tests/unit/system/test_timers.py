import threading
import time

import pytest

from otpbroker.system.timers import Timers


@pytest.fixture
def timers():
    made = Timers()
    yield made
    made.stop()


def test_never_early_and_hardly_late(timers):
    fired = {}
    done = threading.Event()
    begin = time.monotonic()
    for due in (0.25, 0.05, 0.15):
        timers.at(begin + due, lambda due=due: fired.update({due: time.monotonic() - begin}))
    timers.at(begin + 0.35, done.set)
    assert done.wait(5)
    assert list(fired) == [0.05, 0.15, 0.25]
    assert all(took >= due for due, took in fired.items())


def test_a_past_time_is_now(timers):
    done = threading.Event()
    timers.at(0.0, done.set)
    assert done.wait(5)


def test_cancelled_ones_are_forgotten(timers):
    now = time.monotonic()
    fired, done = [], threading.Event()
    with timers._changed:  # nothing is due before all of it is set and cancelled
        kept = timers.at(now + 0.1, lambda: fired.append("kept"))
        cancelled = [timers.at(now + 0.1 + n / 1000, lambda: fired.append("cancelled")) for n in range(1000)]
        for timer in [*cancelled, None]:
            timers.cancel(timer)
            timers.cancel(timer)
        assert [number for actions in timers._due.values() for number in actions] == [kept[1]]
        timers.at(now + 1.3, done.set)
    assert done.wait(5)
    assert fired == ["kept"]
    assert timers._due == {}


def test_nothing_fires_after_the_end():
    timers, fired = Timers(), []
    timers.at(time.monotonic() + 0.1, lambda: fired.append(1))
    timers.stop()
    assert not timers._thread.is_alive()
    timers.at(0.0, lambda: fired.append(2))
    assert fired == []


def test_an_action_may_set_and_cancel_timers(timers):
    done = threading.Event()
    other = timers.at(time.monotonic() + 60, done.clear)

    def again():
        timers.cancel(other)
        timers.at(0.0, done.set)

    timers.at(0.0, again)
    assert done.wait(5)
    assert timers._due == {}
