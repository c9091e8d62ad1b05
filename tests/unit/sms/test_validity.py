import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.sms import validity


@pytest.mark.parametrize(
    ("validity_s", "tp_vp"),
    [
        (-1, 0), (0, 0), (300, 0), (599, 0), (600, 1), (12 * 3600, 143), (12 * 3600 + 1799, 143), (12.5 * 3600, 144),
        (86400, 167), (2 * 86400 - 1, 167), (2 * 86400, 168), (30 * 86400, 196), (35 * 86400 - 1, 196),
        (35 * 86400, 197), (63 * 7 * 86400, 255), (float("inf"), 255), (float("nan"), 0),
    ],
)  # fmt: skip
def test_known_periods(validity_s, tp_vp):
    assert validity.encode(validity_s) == tp_vp


def test_every_octet_round_trips_and_grows():
    periods = [validity.decode(octet) for octet in range(256)]
    assert periods == sorted(set(periods))
    assert [validity.encode(period) for period in periods] == list(range(256))


@given(st.floats(300, 1e9))
def test_never_longer_than_asked_and_as_long_as_there_is(validity_s):
    octet = validity.encode(validity_s)
    assert validity.decode(octet) <= validity_s
    assert octet == 255 or validity.decode(octet + 1) > validity_s
