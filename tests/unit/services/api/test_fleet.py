import threading

from otpbroker.services.api.fleet import Fleet


class SlowDispatch:
    """Answers once `gate` is open."""

    def __init__(self):
        self.gate = threading.Event()
        self.asked = threading.Event()
        self.times = 0

    def call(self, verb, timeout_s):
        self.times += 1
        self.asked.set()
        self.gate.wait(5)
        return Told()


class Told:
    modems = ()


def test_who_comes_before_the_first_answer_waits_for_it():
    dispatch, told = SlowDispatch(), []
    fleet = Fleet(dispatch, lambda count: None)
    fleet.start()
    assert dispatch.asked.wait(5)
    waiting = threading.Thread(target=lambda: told.append(fleet.status()))
    waiting.start()
    dispatch.gate.set()
    waiting.join(5)
    fleet.stop()
    assert isinstance(told[0], Told)
    assert dispatch.times == 1
