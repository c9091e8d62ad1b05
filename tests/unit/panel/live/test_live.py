import threading

from fakes.outcomes import Tale, outcome
from fakes.panel import NOTHING, Peer
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.live.live import Live
from otpbroker.panel.live.restarts import LATELY_S, Restarts
from otpbroker.panel.live.shared import Shared
from otpbroker.panel.peers import Peers
from otpbroker.system.machine import Machine
from otpbroker.verbs.dispatch import DispatchStatus, LedgerRows, Messages, Status
from otpbroker.verbs.events import AwaitOutcomes
from otpbroker.verbs.supervisor import ServiceState


class Waiting:
    """Answers `AwaitOutcomes` as a process does, in the caller's thread."""

    def __init__(self):
        self.tale = Tale()

    def __call__(self, verb):
        answered, told = threading.Event(), []

        class Reply:
            def result(self, answer):
                told.append(answer)
                answered.set()

        self.tale.follow(verb, Reply())
        if not answered.wait(10):
            raise BrokerError(ResponseCode.FAILED, "dispatch.unavailable")
        return told[0]


def test_follows_what_happens_and_remembers_what_did(tmp_path):
    stream = Waiting()
    dispatch = Peer(
        {
            AwaitOutcomes: stream,
            Messages: LedgerRows(messages=[]),
            Status: DispatchStatus(version="1", uptime_s=1, modems=[], counters=NOTHING, alarms=[]),
        }
    )
    live = Live(Peers(Peer(), dispatch, *(Peer() for _ in range(6))), lambda: True, Machine(tmp_path))
    live.start()
    for follower in live._followers:
        follower.wait()
    seen = live.feed.version
    event = outcome()
    stream.tale.tell(event)
    while not live.feed.newest(1):
        live.feed.wait(seen, 5)
        seen = live.feed.version
    assert live.feed.newest(1)[0].message_id == event.message_id
    live.stop()
    stream.tale.tell(outcome())


def test_one_asks_and_the_others_get_what_was_known():
    begun, go = threading.Event(), threading.Event()
    answers = iter([1, 2])

    def ask():
        answer = next(answers)
        if answer == 2:
            begun.set()
            go.wait(10)
        return answer

    now = [0.0]
    shared = Shared(ask, 1.0, lambda: now[0])
    assert (shared.now(), shared.now()) == (1, 1)
    now[0] = 1.5
    asking = threading.Thread(target=shared.now)
    asking.start()
    begun.wait(10)
    assert shared.now() == 1
    go.set()
    asking.join()
    assert shared.now() == 2


def test_restarts_are_news_for_a_while():
    now = [0.0]
    restarts = Restarts(lambda: now[0])

    def note(count):
        restarts.note([ServiceState(service="api", state="ready", pid=1, restarts=count)])

    note(3)
    assert restarts.lately() == frozenset()
    note(4)
    assert restarts.lately() == {"api"}
    now[0] = LATELY_S
    assert restarts.lately() == frozenset()
