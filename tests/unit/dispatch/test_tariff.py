from decimal import Decimal

import pytest

from otpbroker.dispatch.tariff import Tariff, next_step, price_of


def tariffs(typed):
    return tuple(Tariff.parse(each) for each in typed.split(","))


@pytest.mark.parametrize(
    ("typed", "parsed"),
    [
        ("62871:50", ("62871", Decimal(50), 1)),
        ("*:350", ("", Decimal(350), 1)),
        ("62871:12.5@100", ("62871", Decimal("12.5"), 100)),
    ],
)
def test_entries_as_typed(typed, parsed):
    assert Tariff.parse(typed) == parsed


@pytest.mark.parametrize(
    ("msisdn", "sent", "price"),
    [
        ("6287112345678", 0, 50),
        ("6287199345678", 0, 40),
        ("6281234567890", 0, 350),
        ("6287112345678", 9, 50),
        ("6287112345678", 10, 20),
        ("6287112345678", 99, 5),
        ("6287199345678", 99, 40),
    ],
    ids=["prefix", "longest", "any", "before the step", "at the step", "the last step", "no steps of the longest"],
)
def test_the_longest_prefix_then_the_step_reached(msisdn, sent, price):
    assert price_of(msisdn, tariffs("*:350,62871:50,62871:20@11,62871:5@100,628719:40"), sent) == price


def test_no_tariff_no_price():
    assert price_of("6281234567890", tariffs("62871:50"), 0) is None
    assert price_of("6287112345678", tariffs("62871:50@3"), 1) is None


def test_the_next_step():
    steps = tariffs("62871:50,62871:20@11,62871:5@100")
    assert [next_step(steps, sent) for sent in (0, 9, 10, 98, 99)] == [10, 10, 99, 99, None]
