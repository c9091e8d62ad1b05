from otpbroker.panel.failures import MOST_ADDRESSES, OTHERS, Failed, Failures
from otpbroker.system.throttle import WINDOW_S


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_an_address_is_told_once_and_its_further_failures_as_one_number():
    clock = Clock()
    failures = Failures(clock)
    assert failures.count("10.0.0.1") == [Failed("10.0.0.1", 1)]
    assert [failures.count("10.0.0.1") for _ in range(5)] == [[]] * 5
    clock.now = WINDOW_S + 1
    assert failures.over() == [Failed("10.0.0.1", 5)]
    assert failures.over() == []
    assert failures.count("10.0.0.1") == [Failed("10.0.0.1", 1)]


def test_a_flood_from_everywhere_is_told_as_one_address():
    failures = Failures(Clock())
    told = [failed for at in range(500) for failed in failures.count(f"10.0.{at // 250}.{at % 250}")]
    assert len(told) == MOST_ADDRESSES + 1
    assert told[-1] == Failed(OTHERS, 1)


def test_the_addresses_of_one_network_are_one():
    failures = Failures(Clock())
    assert failures.count("2001:db8::1") == [Failed("2001:db8::1", 1)]
    assert failures.count("2001:db8::2") == []
