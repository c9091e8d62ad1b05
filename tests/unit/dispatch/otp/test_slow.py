import threading

import pytest

from otpbroker.dispatch.otp.slow import MOST_WAITING, SlowThread
from otpbroker.errors import BrokerError, ResponseCode


def test_jobs_are_done_in_order_by_one_thread_and_all_before_the_end():
    slow, done = SlowThread(), []
    for n in range(100):
        slow.put(lambda n=n: done.append((n, threading.current_thread().name)))
    slow.stop()
    assert done == [(n, "otp") for n in range(100)]


def test_too_many_are_refused_at_once():
    slow, begun, go_on = SlowThread(), threading.Event(), threading.Event()
    slow.put(lambda: (begun.set(), go_on.wait(5)))
    assert begun.wait(5)
    for _ in range(MOST_WAITING):
        slow.put(lambda: None)
    with pytest.raises(BrokerError) as caught:
        slow.put(lambda: None)
    assert (caught.value.code, caught.value.key) == (ResponseCode.LIMIT, "otp.busy")
    assert caught.value.retry_after_s > 0
    go_on.set()
    slow.stop()
