import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.msisdn import canonical, mask, prefix

PREFIXES = ("007", "008", "001", "00")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("08126666666", "628126666666"),
        ("+62 812-666-6666", "628126666666"),
        ("0062.812.666.6666", "628126666666"),
        ("007628126666666", "628126666666"),
        ("(0812) 6666666 ", "628126666666"),
        ("628126666666", "628126666666"),
        ("\uff10\uff18126666666", "628126666666"),
        ("6284512345678", "6284512345678"),
        ("0014155550123", "4155550123"),
    ],
)
def test_every_spelling_becomes_one_number(raw, expected):
    assert canonical(raw, "62", PREFIXES) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "+",
        "0812",
        "1" * 16,
        "0812\r\n6666666",
        '0812"666666',
        "0812666666\x1a",
        "0812;666666",
        "abc",
        "++628126666666",
    ],
)
def test_anything_else_is_refused(raw):
    with pytest.raises(BrokerError) as caught:
        canonical(raw, "62", PREFIXES)
    assert caught.value.code is ResponseCode.INVALID_NUMBER


def test_short_codes_only_where_asked():
    assert canonical("3636", "62", PREFIXES, short_code=True) == "3636"
    with pytest.raises(BrokerError):
        canonical("3636", "62", PREFIXES)


@given(st.text(max_size=30))
def test_the_result_is_always_digits_or_a_refusal(raw):
    with contextlib.suppress(BrokerError):
        number = canonical(raw, "62", PREFIXES)
        assert number.isascii()
        assert number.isdigit()
        assert 8 <= len(number) <= 15


def test_typed_prefixes_are_stored_canonical():
    assert prefix("0871", "62", PREFIXES) == "62871"
    assert prefix("+62871", "62", PREFIXES) == "62871"
    assert prefix("62871", "62", PREFIXES) == "62871"


@given(st.from_regex(r"\A[1-9][0-9]{2,14}\Z"))
def test_a_mask_hides_at_least_four_digits(number):
    assert sum(character.isdigit() for character in mask(number)) <= max(0, len(number) - 4)


def test_the_mask_of_the_document():
    assert mask("62812666666666") == "62812****666"
