import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.modem.network_time import parse


@given(
    st.datetimes(dt.datetime.fromisoformat("2001-01-01"), dt.datetime.fromisoformat("2098-01-01")), st.integers(-48, 56)
)
def test_local_time_and_zone_are_one_moment(moment, quarters):
    moment = moment.replace(microsecond=0, tzinfo=dt.UTC)
    local = moment + dt.timedelta(minutes=15 * quarters)
    assert parse(f'"{local:%y/%m/%d,%H:%M:%S}{quarters:+03}"') == moment.timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"26/11/27,03:30:00"',  # no zone
        '"26/11/27,03:30:00+99"',
        '"26/13/27,03:30:00+28"',
        '"26/02/30,03:30:00+28"',
        '"26/11/27 03:30:00+28"',
        '"2026/11/27,03:30:00+28"',
        "ERROR",
    ],
)
def test_what_is_no_time(text):
    assert parse(text) is None


@given(st.text(max_size=30))
def test_whatever_a_modem_writes_ends_in_a_time_or_in_none(text):
    assert parse(text) is None or parse(text) > 0
