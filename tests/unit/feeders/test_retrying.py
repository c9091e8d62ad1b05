import pytest

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.feeders.retrying import NO_MODEM_AGAIN_S, pause_s, retry_after_s


@pytest.mark.parametrize("code", [code for code in ResponseCode if code is not ResponseCode.NO_MODEM])
def test_what_names_no_time_is_final(code):
    assert pause_s(code, None, 300) is None


def test_what_may_pass_waits_while_it_lives():
    assert pause_s(ResponseCode.FAILED, 5.0, 300) == 5.0
    assert pause_s(ResponseCode.LIMIT, 720.0, 300) is None
    assert pause_s(ResponseCode.FAILED, 5.0, 4.9) is None


def test_a_missing_modem_is_always_worth_another_try():
    assert pause_s(ResponseCode.NO_MODEM, None, 300) == NO_MODEM_AGAIN_S
    assert pause_s(ResponseCode.NO_MODEM, None, 1) is None


def test_what_is_not_allowed_so_often_is_refused_at_once():
    for key in ("limit.per_number_hour", "limit.prefix_burst", "otp.resend"):
        assert retry_after_s(BrokerError(ResponseCode.LIMIT, key, retry_after_s=20.0)) is None
    assert retry_after_s(BrokerError(ResponseCode.LIMIT, "queue.full", retry_after_s=5.0)) == 5.0
