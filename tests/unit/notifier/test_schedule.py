from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.calling.retry_after import retry_after_s
from otpbroker.notifier.schedule import GIVE_UP_S, MESSAGE_PAUSES_S, Verdict, pause_s, verdict


@given(st.integers(100, 599))
def test_every_status_has_a_meaning(status):
    expected = {410: Verdict.GONE} | dict.fromkeys((429, 502, 503, 504), Verdict.ENDPOINT_FAILED)
    usual = Verdict.DELIVERED if status // 100 == 2 else Verdict.MESSAGE_FAILED
    assert verdict(status) is expected.get(status, usual)


@given(st.integers(1, 100))
def test_pauses_grow_with_failures_and_are_spread(failures):
    step = MESSAGE_PAUSES_S[min(failures, len(MESSAGE_PAUSES_S)) - 1]
    pauses = {pause_s(MESSAGE_PAUSES_S, failures) for _ in range(20)}
    assert len(pauses) > 1
    assert all(0.8 * step <= pause <= 1.2 * step for pause in pauses)


def test_a_message_is_tried_eighteen_times_in_a_day():
    at, attempts = 0.0, 1
    while at + MESSAGE_PAUSES_S[min(attempts, len(MESSAGE_PAUSES_S)) - 1] <= GIVE_UP_S:
        at += MESSAGE_PAUSES_S[min(attempts, len(MESSAGE_PAUSES_S)) - 1]
        attempts += 1
    assert (attempts, at > GIVE_UP_S - 7200) == (18, True)


def test_the_server_may_name_its_own_pause():
    assert pause_s(MESSAGE_PAUSES_S, 1, 77.0) == 77.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 1.0),
        ("999999999999", 86400.0),
        (formatdate(1_800_000_060, usegmt=True), 60.0),
        (formatdate(1_700_000_000, usegmt=True), 1.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
    ],
)
def test_retry_after_is_seconds_or_a_moment(header, seconds):
    assert retry_after_s(header, 1_800_000_000.0) == seconds
