import threading

import pytest

from fakes.waiting import waits_for
from otpbroker.system.workers import BACKLOG, Places, Workers


class Work:
    def __init__(self):
        self.began = threading.Event()
        self.go = threading.Event()
        self.done = threading.Event()

    def serve(self):
        self.began.set()
        self.go.wait(5)
        self.done.set()

    def pass_on(self):
        assert self.done.is_set()


def put(workers, count):
    works = [Work() for _ in range(count)]
    assert all(workers.put(work) for work in works)
    return works


def test_what_is_beyond_the_threads_waits_in_order():
    workers = Workers(2)
    first, second, third = put(workers, 3)
    assert first.began.wait(5)
    assert second.began.wait(5)
    assert not third.began.wait(0.05)
    second.go.set()
    assert third.began.wait(5)
    for work in (first, third):
        work.go.set()
    workers.stop(5)
    assert third.done.is_set()


def test_more_threads_when_the_limit_rises_and_a_refusal_when_far_too_much_waits():
    workers = Workers(1)
    works = put(workers, BACKLOG + 1)
    assert not workers.put(Work())
    workers.limit = 2
    (late,) = put(workers, 1)
    assert works[1].began.wait(5)
    for work in (*works, late):
        work.go.set()
    assert late.done.wait(5)
    workers.stop(5)


def test_stopping_waits_for_what_is_being_done_but_not_for_ever():
    workers = Workers(1)
    (work,) = put(workers, 1)
    workers.stop(0.05)
    assert not work.done.is_set()
    threading.Timer(0.1, work.go.set).start()
    workers.stop(5)
    assert work.done.is_set()


def test_threads_end_that_have_nothing_to_do():
    workers = Workers(20, idle_s=0.05)
    before = threading.active_count()
    works = put(workers, 20)
    assert all(work.began.wait(5) for work in works)
    assert threading.active_count() == before + 20
    for work in works[1:]:
        work.go.set()
    waits_for(lambda: threading.active_count() == before + 1)  # one is busy
    (late,) = put(workers, 1)
    for work in (works[0], late):
        work.go.set()
    assert late.done.wait(5)
    waits_for(lambda: threading.active_count() == before)
    workers.stop(5)


def test_places_are_taken_and_given_back_whatever_happens():
    places = Places(1)
    with places.one(RuntimeError), pytest.raises(RuntimeError), places.one(RuntimeError):
        pass
    with pytest.raises(KeyError), places.one(RuntimeError):
        raise KeyError
    assert places.taken == 0
    places.limit = 0
    assert not places.take()
