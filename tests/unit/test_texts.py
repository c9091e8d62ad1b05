import string

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.texts import ENGLISH, INDONESIAN, translate


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys_and_placeholders():
    assert set(ENGLISH) == set(INDONESIAN)
    for key in ENGLISH:
        assert fields(ENGLISH[key]) == fields(INDONESIAN[key]), key


def test_response_codes_have_a_text():
    for code in ResponseCode:
        assert f"code.{code.value}" in ENGLISH


def test_an_unknown_key_is_shown_not_raised():
    assert translate("no.such.key", {}) == "no.such.key"


def test_a_broker_error_says_code_key_and_parameters():
    error = BrokerError(ResponseCode.INVALID_NUMBER, "number.too_short", digits=3)
    assert str(error) == "1104 number.too_short digits=3"
