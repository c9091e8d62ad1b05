import pytest

from otpbroker.envelope.commands import Timing
from otpbroker.envelope.lifetime import lifetime_s
from otpbroker.errors import BrokerError, ResponseCode

NOW = 1_700_000_000.0


@pytest.mark.parametrize("now", [None, NOW, NOW + 1e8])
def test_the_difference_is_a_lifetime_whatever_the_clock_says(now):
    assert lifetime_s(Timing(date_time=NOW, expiration=NOW + 120), now) == 120


def test_expiration_alone_needs_a_clock_that_can_be_believed():
    assert lifetime_s(Timing(expiration=NOW + 30), NOW) == 30
    assert lifetime_s(Timing(expiration=NOW + 30), None) is None


def test_without_expiration_the_setting_counts():
    assert lifetime_s(Timing(), NOW) is None
    assert lifetime_s(Timing(date_time=NOW), NOW) is None


@pytest.mark.parametrize(
    "timing", [Timing(expiration=NOW), Timing(expiration=NOW - 5), Timing(date_time=NOW, expiration=NOW - 5)]
)
def test_what_is_over_is_refused(timing):
    with pytest.raises(BrokerError) as caught:
        lifetime_s(timing, NOW)
    assert caught.value.code == ResponseCode.EXPIRED
