import queue
import threading

import pytest

from otpbroker.dial import words
from otpbroker.dial.keeper import Keeper, Pauses
from otpbroker.verbs.internet import Line

CARRIER_LOST, CONNECT_FAILED = 16, 8
QUICK = Pauses(first=0.01, longest=0.04, sound=60.0)
LINE = Line(modem="m0", port="/dev/ttyUSB0", number=7, shared=True)


class Board:
    """Keeps what it is told, in order."""

    def __init__(self):
        self.told = queue.SimpleQueue()
        self.held = []

    def stands(self, _modem, word, **facts):
        if word == "up":
            self.told.put(("up", facts["address"]))

    def failed(self, _modem, key, retry_s):
        self.told.put((key, retry_s))

    def hold(self, line):
        self.held.append(line)

    def give_back(self, _modem):
        self.held.append(None)


class Names:
    def publish(self, interface, servers):
        pass

    def withdraw(self, interface):
        pass


@pytest.fixture
def keeper(tmp_path):
    """Starts one whose calls end as `endings` say: words to tell, then pppd's status."""
    (tmp_path / "m0.ppp").write_text("options")
    started = []

    def start(*endings, pauses=QUICK):
        left = list(endings)
        waiting = threading.Event()

        class Call:
            def run(self, port, told, hang_up):
                assert port == LINE.port
                if not left:
                    while not hang_up():
                        waiting.wait(0.001)
                    return 5
                *said, status = left.pop(0)
                for word in said:
                    told(word)
                return status

        board = Board()
        one = Keeper(
            "m0",
            call=lambda _bell: Call(),
            settings=(tmp_path / "m0.ppp",),
            board=board,
            resolver=Names(),
            pauses=pauses,
        )
        one.told = lambda: board.told.get(timeout=5)
        one.board = board
        started.append(one)
        return one

    yield start
    for one in started:
        one.stop()
        one.join()


UP = words.Up("ppp0", "10.64.0.2", ())


def test_calls_are_made_ever_more_seldom_and_without_an_end(keeper):
    one = keeper(*[(words.Refused("chat", "dial.busy"), CONNECT_FAILED)] * 6)
    one.lend(LINE)
    assert [one.told() for _ in range(6)] == [("dial.busy", pause) for pause in (0.01, 0.02, 0.04, 0.04, 0.04, 0.04)]


def test_a_connection_that_held_begins_with_a_short_pause_again(keeper):
    one = keeper(
        (CONNECT_FAILED,), (CONNECT_FAILED,), (UP, CARRIER_LOST), pauses=Pauses(first=0.01, longest=1, sound=0.0)
    )
    one.lend(LINE)
    pauses = [one.told() for _ in range(4)]
    assert pauses == [
        ("dial.no_connect", 0.01),
        ("dial.no_connect", 0.02),
        ("up", "10.64.0.2"),
        ("dial.carrier_lost", 0.01),
    ]


def test_one_that_never_holds_does_not(keeper):
    one = keeper((UP, CARRIER_LOST), (UP, CARRIER_LOST))
    one.lend(LINE)
    assert [one.told() for _ in range(4)][1::2] == [("dial.carrier_lost", 0.01), ("dial.carrier_lost", 0.02)]


def test_a_port_that_is_lent_for_one_call_is_called_on_once(keeper):
    """Until it is lent anew, under another number."""
    alone = Line(modem="m0", port=LINE.port, number=7)
    one = keeper((CONNECT_FAILED,), (CONNECT_FAILED,))
    one.lend(alone)
    one.told()
    with pytest.raises(queue.Empty):
        one.board.told.get(timeout=0.1)
    one.lend(Line(modem="m0", port=LINE.port, number=8))
    assert one.told() == ("dial.no_connect", 0.02)
    assert [line and line.number for line in one.board.held] == [7, None, 8, None]


def test_without_its_files_it_does_not_call(keeper, tmp_path):
    (tmp_path / "m0.ppp").unlink()
    one = keeper((CONNECT_FAILED,))
    one.lend(LINE)
    with pytest.raises(queue.Empty):
        one.board.told.get(timeout=0.1)
    (tmp_path / "m0.ppp").write_text("options")
    one.reread()
    assert one.told() == ("dial.no_connect", 0.01)
