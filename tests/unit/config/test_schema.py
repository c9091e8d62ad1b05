import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.config.canonical import Numbering
from otpbroker.config.schema import SettingsError, read
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection
from otpbroker.texts import TABLES, translate

HOME = Numbering()


def problems(kind, document):
    with pytest.raises(SettingsError) as refused:
        read(kind, document, HOME)
    return {problem.path: problem for problem in refused.value.problems}


def test_text_becomes_what_the_schema_wants():
    section = read(
        SmsSection,
        {"country_code": 62, "log_sms": "false", "deadline_s": "2.5", "international_prefixes": "001, 00"},
        HOME,
    )
    assert (section.country_code, section.log_sms, section.deadline_s) == ("62", False, 2.5)
    assert section.international_prefixes == ("001", "00")


def test_all_problems_at_once_each_with_what_would_be_right():
    found = problems(
        ModemsSection,
        {"modems": [{"id": "m0", "name": "A", "parity": "X", "baud_rate": "1200", "actve": "true"}, {"id": "M 1"}]},
    )
    assert set(found) == {
        "modems.m0.parity",
        "modems.m0.baud_rate",
        "modems.m0.actve",
        "modems.M 1.id",
        "modems.M 1.name",
    }
    assert translate(found["modems.m0.parity"].key, found["modems.m0.parity"].params) == (
        '"X" is not possible; it is one of: E, M, N, O, S'
    )
    assert found["modems.m0.actve"].params == {"nearest": "active"}


@pytest.mark.parametrize("value", ["70000", "0", "-1", "8889.0", "eight", "", True])
def test_a_port_is_a_port(value):
    assert set(problems(ApiSection, {"http_port": value})) == {"api.http_port"}


@pytest.mark.parametrize("host", ["rabbit.example", "10.0.0.7", "::1", "fd00::1", "a-b_c", "::"])
def test_a_host_is_a_name_or_an_address(host):
    assert read(AmqpSection, {"host": host, "queue": "antrean sms/1"}, HOME).host == host


@pytest.mark.parametrize("host", ["a b", "a@b", "http://a", ":", ":1", "[::1]", "-a", "a\n"])
def test_anything_else_is_no_host(host):
    assert set(problems(AmqpSection, {"host": host, "queue": "a\x00"})) == {"amqp.host", "amqp.queue"}


def test_a_trailing_newline_is_refused_where_a_pattern_ends():
    assert set(problems(ModemsSection, {"modems": [{"id": "m0", "name": "A", "apn": "internet\n"}]})) == {
        "modems.m0.apn"
    }
    assert set(problems(LimitsSection, {"allowed_countries": ["62\n"]})) == {"limits.allowed_countries.1"}


def test_prefixes_are_stored_with_the_country_code():
    modem = {
        "id": "m0",
        "name": "A",
        "recipient_prefix": "0871,+62872",
        "tariffs": "0871:50,*:350",
        "msisdn": "0812-345-678",
    }
    (read_back,) = read(ModemsSection, {"modems": [modem]}, HOME).modems
    assert read_back.recipient_prefix == ("62871", "62872")
    assert read_back.tariffs == ("62871:50", "*:350")
    assert read_back.msisdn == "62812345678"


def test_a_secret_that_is_wrong_is_not_quoted():
    found = problems(ModemsSection, {"modems": [{"id": "m0", "name": "A", "sim_pin": "12\n34"}]})
    assert "12" not in str(found["modems.m0.sim_pin"].params)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "modems", "parity", "tariffs"]), inner)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_any_document_is_a_section_or_a_list_of_problems_with_words_in_both_languages(document):
    for problem in collected(document):
        for table in TABLES.values():
            sentence = table[problem.key].format_map(problem.params | {"given": ""})
            assert not re.search(r"\{\w+\}", sentence)


def collected(document):
    try:
        read(ModemsSection, document, HOME)
    except SettingsError as refused:
        return refused.problems or pytest.fail("refused without a reason")
    return []
