import threading

from otpbroker.web.workers import Lane, Workers


class Work:
    def __init__(self, lane, workers):
        self.lane = lane
        self.workers = workers
        self.go = threading.Event()
        self.done = threading.Event()

    def serve(self):
        self.go.wait(5)
        self.workers.release(self.lane)
        self.done.set()


def test_a_full_lane_refuses_at_once_and_another_goes_on():
    workers = Workers()
    asking, probing = Lane(2), Lane(1)
    held = [Work(asking, workers) for _ in range(2)]
    assert all(workers.put(work) for work in held)
    assert not workers.put(Work(asking, workers))
    probe = Work(probing, workers)
    assert workers.put(probe)
    probe.go.set()
    assert probe.done.wait(5)
    held[0].go.set()
    assert held[0].done.wait(5)
    last = Work(asking, workers)
    assert workers.put(last)
    for work in (held[1], last):
        work.go.set()
        assert work.done.wait(5)
    workers.stop(5)


def test_stopping_waits_for_what_is_being_done():
    workers = Workers()
    work = Work(Lane(1), workers)
    workers.put(work)
    threading.Timer(0.1, work.go.set).start()
    workers.stop(5)
    assert work.done.is_set()


def test_stopping_does_not_wait_for_ever():
    workers = Workers()
    work = Work(Lane(1), workers)
    workers.put(work)
    workers.stop(0.05)
    assert not work.done.is_set()
    work.go.set()
    assert work.done.wait(5)
