import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.system.timelines import JUMP_S, KEPT_S, Timelines

YEARS_S = 10 * 365.25 * 86_400


class Clocks:
    def __init__(self):
        self.real = 1000.0
        self.ahead = 1_800_000_000.0
        self.lines = Timelines(lambda: self.real + self.ahead, lambda: self.real)


@pytest.fixture
def clocks():
    return Clocks()


def test_a_clock_that_nobody_sets_has_one(clocks):
    clocks.real += 500
    assert clocks.lines.back(3600) == [(clocks.lines.now() - 3600, clocks.lines.now())]


@pytest.mark.parametrize("jump_s", [YEARS_S, -YEARS_S])
def test_a_jump_begins_another_and_the_one_before_still_counts(clocks, jump_s):
    before = clocks.lines.now()
    clocks.ahead += jump_s
    after = clocks.lines.now()
    clocks.real += 60
    (first, second) = clocks.lines.back(3600)
    assert first == (pytest.approx(before - 3540), pytest.approx(before))
    assert second == (pytest.approx(after), pytest.approx(after + 60))
    assert clocks.lines.since(3600) == min(first[0], second[0])
    clocks.real += 3600
    assert len(clocks.lines.back(3600)) == 1


def test_a_clock_that_is_brought_right_slowly_has_not_jumped(clocks):
    for _ in range(100):
        clocks.real += 60
        clocks.ahead += JUMP_S / 2
        clocks.lines.now()
    assert len(clocks.lines.back(3600)) == 1


@given(st.lists(st.tuples(st.floats(0.1, 90_000), st.floats(-YEARS_S, YEARS_S)), max_size=12), st.floats(1, KEPT_S / 2))
def test_whatever_happened_within_the_window_lies_in_one_of_its_spans(steps, window_s):
    clocks = Clocks()
    happened = [(clocks.real, clocks.lines.now())]
    for pause_s, jump_s in steps:
        clocks.real += pause_s
        clocks.ahead += jump_s
        happened.append((clocks.real, clocks.lines.now()))
    spans = clocks.lines.back(window_s)
    for real, wall in happened:
        if real > clocks.real - window_s + JUMP_S:
            assert any(first - 2 * JUMP_S <= wall <= last + 2 * JUMP_S for first, last in spans)
