import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.notifier import endpoint as rooms
from otpbroker.notifier.endpoint import Delivery, Endpoint, Failure
from otpbroker.notifier.schedule import Pauses, Verdict

ERROR = BrokerError(ResponseCode.FAILED, "notifier.status", status=500)
PAUSES = Pauses((10.0, 100.0), (20.0, 200.0))
DAY_S = 86400.0


def failure(verdict, retry_after_s=None):
    return Failure(verdict, ERROR, retry_after_s)


@pytest.fixture
def hook():
    return Endpoint("Kantor", "webhook", PAUSES)


def put(endpoint, *names, at=0.0):
    for name in names:
        endpoint.put(Delivery(name, b"{}", at))


def test_what_comes_first_goes_first(hook):
    put(hook, "a", "b")
    assert [hook.take().id, hook.take().id, hook.due_s()] == ["a", "b", None]
    assert len(hook) == 2
    hook.succeeded()
    hook.succeeded()
    assert (len(hook), hook.state().state, hook.state().delivered) == (0, "idle", 2)


def test_a_message_that_is_refused_lets_others_go_on(hook):
    put(hook, "a", "b")
    hook.failed(hook.take(), failure(Verdict.MESSAGE_FAILED), 0.0)
    assert hook.due_s() == 0.0
    assert hook.take().id == "b"
    hook.succeeded()
    assert 8.0 <= hook.due_s() <= 12.0
    hook.failed(hook.take(), failure(Verdict.MESSAGE_FAILED), 10.0)
    assert 90.0 <= hook.due_s() <= 130.0
    assert hook.state().failed == 2


def test_an_endpoint_that_fails_pauses_for_all_and_is_probed_by_one(hook):
    put(hook, "a", "b", "c")
    taken = [hook.take(), hook.take()]
    for delivery in taken:
        hook.failed(delivery, failure(Verdict.ENDPOINT_FAILED), 0.0)
    assert 16.0 <= hook.due_s() <= 24.0  # both were one failure
    assert (hook.state().state, hook.is_well) == ("failing", False)
    probe = hook.take()
    assert (probe.id, hook.due_s()) == ("a", None)
    hook.failed(probe, failure(Verdict.ENDPOINT_FAILED), 30.0)
    assert 190.0 <= hook.due_s() <= 270.0
    assert hook.take().id == "a"
    hook.succeeded()
    assert hook.is_well
    assert [hook.take().id, hook.take().id] == ["b", "c"]


def test_the_server_names_the_pause(hook):
    put(hook, "a")
    hook.failed(hook.take(), failure(Verdict.ENDPOINT_FAILED, 77.0), 0.0)
    assert hook.due_s() == 77.0


def test_a_call_is_given_up_after_a_day(hook):
    put(hook, "a")
    hook.failed(hook.take(), failure(Verdict.MESSAGE_FAILED), DAY_S - 5)
    put(hook, "b", at=DAY_S)
    assert hook.take().id == "b"
    hook.failed(Delivery("b", b"{}", 0.0), failure(Verdict.ENDPOINT_FAILED), DAY_S - 5)
    assert (len(hook), hook.dropped, hook.lost_s) == (0, 2, DAY_S - 5)


def test_a_webhook_that_is_gone_is_left_alone(hook):
    put(hook, "a", "b")
    hook.failed(hook.take(), failure(Verdict.GONE), 0.0)
    put(hook, "c")
    assert (hook.due_s(), len(hook), hook.dropped, hook.state().state) == (None, 0, 2, "gone")


def test_a_callback_that_is_gone_says_nothing_of_others():
    server = Endpoint("https://app.example", "callback", PAUSES)
    put(server, "a", "b")
    server.failed(server.take(), failure(Verdict.GONE), 0.0)
    assert (server.take().id, server.dropped) == ("b", 1)


class Queue(RuleBasedStateMachine):
    """Whatever happens: nothing is forgotten or doubled, nothing is out too often, nobody waits for ever."""

    def __init__(self):
        super().__init__()
        self.endpoint = Endpoint("x", "callback", PAUSES)
        self.now_s = 0.0
        self.made = 0
        self.delivered = 0
        self.out = []

    @rule(count=st.integers(1, 30))
    def calls_come(self, count):
        for _ in range(count):
            self.made += 1
            self.endpoint.put(Delivery(str(self.made), b"{}", self.now_s))

    @rule(seconds=st.floats(0, 5000))
    def time_goes_on(self, seconds):
        self.now_s += seconds

    @precondition(lambda self: (self.endpoint.due_s() or 1e9) <= self.now_s or self.endpoint.due_s() == 0.0)
    @rule()
    def one_is_taken(self):
        delivery = self.endpoint.take()
        assert delivery.id not in {each.id for each in self.out}
        self.out.append(delivery)

    @precondition(lambda self: self.out)
    @rule(at=st.integers(0, 3))
    def one_arrives(self, at):
        self.out.pop(at % len(self.out))
        self.endpoint.succeeded()
        self.delivered += 1

    @precondition(lambda self: self.out)
    @rule(
        at=st.integers(0, 3),
        verdict=st.sampled_from([Verdict.MESSAGE_FAILED, Verdict.ENDPOINT_FAILED, Verdict.GONE]),
        retry=st.none() | st.floats(1, 90_000),
    )
    def one_fails(self, at, verdict, retry):
        self.endpoint.failed(self.out.pop(at % len(self.out)), failure(verdict, retry), self.now_s)

    @rule()
    def too_many_wait(self):
        self.endpoint.drop_oldest(self.now_s)

    @invariant()
    def all_are_accounted_for(self):
        waiting = len(self.endpoint) - len(self.out)
        assert self.endpoint.in_flight == len(self.out) <= rooms.IN_FLIGHT
        assert self.made == self.delivered + self.endpoint.dropped + len(self.out) + waiting
        assert waiting <= rooms.MOST_WAITING
        if waiting and not self.out:
            assert self.endpoint.due_s() is not None


TestQueue = Queue.TestCase
TestQueue.settings = settings(max_examples=60, stateful_step_count=40)


def test_of_too_many_the_oldest_is_dropped(hook, monkeypatch):
    monkeypatch.setattr(rooms, "MOST_WAITING", 3)
    put(hook, "a", "b", "c", "d", "e")
    assert [hook.take().id for _ in range(3)] == ["c", "d", "e"]
    assert hook.dropped == 2


def test_what_was_dropped_takes_no_room(hook, monkeypatch):
    """Also where it was to be tried long after what is newer."""
    monkeypatch.setattr(rooms, "MOST_WAITING", 3)
    for at in range(1000):
        put(hook, str(at), at=float(at))
        while (due_s := hook.due_s()) is not None and due_s <= at:
            hook.failed(hook.take(), failure(Verdict.MESSAGE_FAILED, 80_000.0 - 70 * at), float(at))
    assert len(hook) == 3
    assert len(hook._due) < 200
