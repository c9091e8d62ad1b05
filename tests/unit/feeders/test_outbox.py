import threading

from fakes.waiting import waits_for
from otpbroker.feeders.link import LinkError
from otpbroker.feeders.outbox import MOST_WAITING, Outbox


class Speaker:
    """Notes what it says, after `gate`; refuses what is for "nobody"."""

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.made = 0
        self.said = []
        self.closed = 0

    def make(self):
        self.made += 1
        return self

    def send(self, topic, bodies):
        self.gate.wait(10)
        if topic == "nobody":
            raise LinkError("feeder.lost")
        self.said.append((topic, bodies))

    def close(self):
        self.closed += 1


def test_replies_go_in_order_and_together_where_they_go_to_one_topic():
    speaker, ends = Speaker(), []
    outbox = Outbox(speaker.make)
    speaker.gate.clear()
    for topic, body in (("a", b"0"), ("a", b"1"), ("a", b"2"), ("nobody", b"3"), ("b", b"4")):
        outbox.put(topic, body, ends.append)
    speaker.gate.set()
    outbox.stop(10)
    assert b"".join(body for _, bodies in speaker.said for body in bodies) == b"0124"
    assert len(speaker.said) <= 3
    assert sorted(ends) == [False, True, True, True, True]
    assert (speaker.made, speaker.closed) == (1, 1)


def test_where_too_much_waits_the_oldest_is_lost():
    speaker, ends = Speaker(), []
    speaker.gate.clear()
    outbox = Outbox(speaker.make)
    outbox.put("first", b"", ends.append)
    waits_for(lambda: not outbox._waiting)
    for number in range(MOST_WAITING + 3):
        outbox.put("a", b"%d" % number, ends.append)
    assert ends == [False] * 3
    speaker.gate.set()
    outbox.stop(10)
    assert ends.count(True) == MOST_WAITING + 1
    assert speaker.said[1][1][0] == b"3"


def test_it_rests_and_wakes_up():
    speaker, ends = Speaker(), []
    outbox = Outbox(speaker.make, keep_s=0.01)
    for count in (1, 2):
        outbox.put("a", b"", ends.append)
        waits_for(lambda: speaker.closed == count)  # noqa: B023 - waited for here
    assert (speaker.made, ends) == (2, [True, True])
    outbox.stop(1)
    outbox.put("a", b"", ends.append)
    waits_for(lambda: speaker.closed == 3)
    assert ends == [True] * 3
