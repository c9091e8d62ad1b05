import pytest

from otpbroker.panel.live.history import MOST_SERIES, History, Point, thinned


class Clock:
    def __init__(self):
        self.s = 7200.0

    def __call__(self):
        return self.s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def history(clock):
    return History(clock, lambda: 1_000_000 + clock.s)


def values(points):
    return [point.value for point in points]


def put(history, clock, *measured):
    """One sample each ten seconds."""
    for value in measured:
        history.put({"cpu": value}, {})
        clock.s += 10


def test_an_hour_by_ten_seconds_with_gaps_where_nothing_was_measured(history, clock):
    put(history, clock, 1.0, None, 3.0)
    assert values(history.series("cpu", "hour")) == [1, None, 3]
    assert history.series("cpu", "hour")[0].at == 1_007_200


def test_longer_spans_hold_the_means(history, clock):
    put(history, clock, *[10.0] * 15, *[20.0] * 15, *[40.0] * 15)
    assert values(history.series("cpu", "day")) == [15, 40]
    assert values(history.series("cpu", "week")) == [pytest.approx(70 / 3)]


def test_what_is_too_old_goes_and_a_long_silence_leaves_nothing(history, clock):
    put(history, clock, *map(float, range(400)))
    assert values(history.series("cpu", "hour"))[:2] == [41, 42]
    clock.s += 2 * 3600
    assert history.series("cpu", "hour") == []
    assert [value for value in values(history.series("cpu", "day")) if value is not None][-1] == 394.5


def test_moments_follow_a_clock_that_was_set(clock):
    ahead = [0]
    history = History(clock, lambda: clock.s + ahead[0])
    history.put({"cpu": 1}, {})
    clock.s += 10
    ahead[0] = 86400
    assert [point.at for point in history.series("cpu", "hour")] == [7200 + 86400]


def test_the_signal_of_each_modem(history):
    history.put({}, {"m0": -71, "m1": None})
    assert values(history.signal("m0")) == [-71]
    assert history.signal("m1") == []


def test_modems_that_come_and_go_take_no_more_than_so_much(history):
    for number in range(MOST_SERIES + 10):
        history.put({}, {f"m{number}": -80})
    assert history.signal(f"m{MOST_SERIES - 1}")
    assert not history.signal(f"m{MOST_SERIES}")


def test_thinned_keeps_the_end_and_the_means():
    points = [Point(at, value) for at, value in enumerate([1, 3, 5, None, None, 7, 9])]
    assert thinned(points, 4) == [Point(0, 1), Point(2, 4), Point(4, None), Point(6, 8)]
    assert thinned(points, 100) == points
    assert thinned([], 4) == []
