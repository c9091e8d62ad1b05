import pytest

from otpbroker.system.throttle import MAX_FAILURES, MAX_KEYS, WINDOW_S, Throttle, network


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_the_tenth_failure_within_the_window_closes_and_time_opens():
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(MAX_FAILURES):
        assert throttle.wait_s(["a", "b"]) == 0
        throttle.failed(["a"])
        clock.now += 1
    assert throttle.wait_s(["b", "a"]) == WINDOW_S - MAX_FAILURES
    assert throttle.wait_s(["b"]) == 0
    clock.now += WINDOW_S - MAX_FAILURES
    assert throttle.wait_s(["a"]) == 0
    throttle.failed(["a"])
    assert throttle.wait_s(["a"]) > 0, "nine of the ten are still within the window"


def test_a_right_password_clears_the_name():
    throttle = Throttle(Clock())
    for _ in range(MAX_FAILURES):
        throttle.failed(["user a"])
    throttle.forget("user a")
    assert throttle.wait_s(["user a"]) == 0


def test_memory_is_bounded_and_forgets_the_oldest_first():
    throttle = Throttle(Clock())
    for _ in range(MAX_FAILURES):
        throttle.failed(["old"])
    for number in range(MAX_KEYS - 1):
        throttle.failed([str(number)])
    assert throttle.wait_s(["old"]) > 0
    throttle.failed(["one more"])
    assert throttle.wait_s(["old"]) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.168.0.1", "192.168.0.2", False),
        ("2001:db8::1", "2001:db8::ffff:1:2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("", "", True),
    ],
)
def test_what_counts_as_one_address(one, other, same):
    assert (network(one) == network(other)) is same
