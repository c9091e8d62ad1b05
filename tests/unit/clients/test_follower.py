import threading
from collections import deque

from fakes.outcomes import outcome
from otpbroker.clients.follower import Follower
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.events import AwaitOutcomes, Outcomes

AWAY = BrokerError(ResponseCode.FAILED, "dispatch.unavailable")


class Dispatch:
    """Answers what is planned, then waits until the end."""

    def __init__(self, *plan):
        self.asked = []
        self.plan = deque(plan)
        self.done = threading.Event()
        self.end = threading.Event()

    def call(self, verb, timeout_s=None):
        self.asked.append((verb.life, verb.after))
        assert isinstance(verb, AwaitOutcomes)
        if not self.plan:
            self.done.set()
            self.end.wait(10)
            raise AWAY
        answer = self.plan.popleft()
        if isinstance(answer, BrokerError):
            raise answer
        return answer


def follow(*plan):
    """What was asked, taken and missed."""
    dispatch, taken, missed = Dispatch(*plan), [], []
    follower = Follower(dispatch, taken.extend, missed.append)
    follower.start()
    assert dispatch.done.wait(10)
    follower.stop()
    dispatch.end.set()
    return dispatch.asked, taken, missed


def test_begins_where_things_stand_and_goes_on():
    one, two = outcome(), outcome()
    asked, taken, missed = follow(
        Outcomes(life="a", last=7), Outcomes(life="a", last=9, events=(one, two)), Outcomes(life="a", last=9)
    )
    assert asked == [("", 0), ("a", 7), ("a", 9), ("a", 9)]
    assert (taken, missed) == ([one, two], [])


def test_where_dispatch_starts_later_all_that_it_tells_is_taken():
    one = outcome()
    asked, taken, _ = follow(AWAY, AWAY, Outcomes(life="b", last=1, events=(one,)))
    assert asked == [("", 0), ("another", 0), ("another", 0), ("b", 1)]
    assert taken == [one]


def test_a_new_life_of_dispatch_and_what_was_missed():
    one = outcome()
    asked, taken, missed = follow(Outcomes(life="a", last=7), AWAY, Outcomes(life="b", last=31, lost=30, events=(one,)))
    assert asked == [("", 0), ("a", 7), ("a", 7), ("b", 31)]
    assert (taken, missed) == ([one], [30])
