from decimal import Decimal

import pytest

from otpbroker.panel import formats

WALL = 1795762800.0  # 2026-11-27 07:00 UTC


@pytest.mark.parametrize(
    ("value", "decimals", "english", "indonesian"),
    [
        (1234567, None, "1,234,567", "1.234.567"),
        (1234.5, None, "1,234.5", "1.234,5"),
        (2.0, None, "2", "2"),
        (0.1, 2, "0.10", "0,10"),
        (-3, None, "\N{MINUS SIGN}3", "\N{MINUS SIGN}3"),
        (Decimal("1000.50"), None, "1,000.50", "1.000,50"),
        (None, None, "\N{EN DASH}", "\N{EN DASH}"),
    ],
)
def test_numbers_are_written_as_in_the_language(value, decimals, english, indonesian):
    assert formats.number(value, "en", decimals) == english
    assert formats.number(value, "id", decimals) == indonesian


def test_money_keeps_its_decimals():
    assert formats.money("1250", "IDR", "id") == "Rp\N{NO-BREAK SPACE}1.250"
    assert formats.money("1250.50", "IDR", "en") == "IDR\N{NO-BREAK SPACE}1,250.50"
    assert formats.money("", "IDR", "en") == "\N{EN DASH}"


def test_a_moment_is_local_time():
    assert formats.moment(WALL, "Asia/Jakarta", "en").replace("\N{NO-BREAK SPACE}", " ") == "27 Nov 2026, 14:00"
    assert formats.moment(WALL, "Asia/Makassar", "id", seconds=True).endswith("15.00.00")
    assert formats.day("2026-05-02", "id", year=False) == "2\N{NO-BREAK SPACE}Mei"


@pytest.mark.parametrize(
    ("seconds", "english"),
    [
        (0, "0 ms"),
        (0.85, "850 ms"),
        (2.44, "2.4 s"),
        (60, "1 min"),
        (185, "3 min 5 s"),
        (190000, "2 d 4 h"),
        (86401, "1 d"),
    ],
)
def test_a_duration_tells_the_two_largest_units(seconds, english):
    assert formats.duration(seconds, "en").replace("\N{NO-BREAK SPACE}", " ") == english
