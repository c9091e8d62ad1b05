import pytest

from otpbroker.config.sections.sms import LimitsSection
from otpbroker.dispatch.numbers import check, country_of
from otpbroker.errors import BrokerError, ResponseCode

HOME = LimitsSection()
WORLD = LimitsSection(allowed_countries=("home", "1", "44", "65", "870", "881"))


@pytest.mark.parametrize("msisdn", ["6281234567890", "628451234567", "628481234567", "62211234567", "6280412345678"])
def test_home_numbers_pass_whatever_tables_say(msisdn):
    """`phonenumbers` calls 62845… and 62848… invalid; the customer sends to them."""
    check(msisdn, "62", HOME)


@pytest.mark.parametrize(
    ("msisdn", "limits", "key"),
    [
        ("33612345678", HOME, "number.country"),
        ("33612345678", WORLD, "number.country"),
        ("9991234567890", WORLD, "number.country"),
        ("881612345678", WORLD, "number.satellite"),
        ("870712345678", WORLD, "number.satellite"),
        ("8835100123456", WORLD, "number.satellite"),
        ("628091234567", HOME, "number.premium"),
        ("19002345678", WORLD, "number.premium"),
        ("449098790123", WORLD, "number.premium"),
    ],
)
def test_numbers_that_cost_or_lead_abroad(msisdn, limits, key):
    with pytest.raises(BrokerError) as refused:
        check(msisdn, "62", limits)
    assert (refused.value.code, refused.value.key) == (ResponseCode.INVALID_NUMBER, key)


def test_premium_may_be_let_through():
    check("628091234567", "62", LimitsSection(refuse_premium=False))


def test_home_follows_the_country_code():
    check("6591234567", "65", HOME)
    with pytest.raises(BrokerError):
        check("6281234567890", "65", HOME)


@pytest.mark.parametrize(("msisdn", "country"), [("6281", "62"), ("12025550123", "1"), ("8816", "881"), ("210", "")])
def test_the_country_of_a_number(msisdn, country):
    assert country_of(msisdn) == country
