import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika import BasicProperties

from otpbroker.feeders.amqp.fleet import LEFT_HEADER, RETRY_DELAY_S
from otpbroker.feeders.amqp.properties import lifetime_s, retried, tries


def test_without_an_expiration_there_is_none():
    assert lifetime_s(BasicProperties(), 1000) is None
    assert lifetime_s(BasicProperties(expiration="soon"), 1000) is None


def test_what_is_left_follows_the_timestamp_where_our_clock_can_tell():
    message = BasicProperties(expiration="30000", timestamp=1000)
    assert lifetime_s(message, None) == 30
    assert lifetime_s(message, 1011) == 20
    assert lifetime_s(message, 1100) == 0
    assert lifetime_s(message, 900) == 30  # the sender's clock is ahead


def test_dead_lettering_does_not_renew_a_life():
    deaths = [{"queue": "sms.62811", "original-expiration": "9000"}, {"queue": "x", "original-expiration": "1"}]
    assert lifetime_s(BasicProperties(headers={"x-death": deaths}), None) == 9


def test_what_another_device_left_counts_alone():
    headers = {LEFT_HEADER: 4500, "x-death": [{"original-expiration": "5000"}]}
    assert lifetime_s(BasicProperties(headers=headers, expiration="5000", timestamp=1), 1000) == 4.5


@pytest.mark.parametrize(
    ("headers", "count"), [(None, 0), ({}, 0), ({"x-delivery-count": 3}, 3), ({"x-delivery-count": "x"}, 0)]
)
def test_tries(headers, count):
    assert tries(BasicProperties(headers=headers)) == count


values = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(
    headers=st.dictionaries(st.sampled_from(["x-death", LEFT_HEADER, "x-delivery-count"]), values), expiration=st.text()
)
def test_any_headers_are_read_without_stumbling(headers, expiration):
    message = BasicProperties(headers=headers, expiration=expiration, timestamp=5)
    life_s = lifetime_s(message, 10)
    assert life_s is None or life_s >= 0
    assert isinstance(tries(message), int)


@given(
    headers=st.dictionaries(st.sampled_from(["x-death", LEFT_HEADER, "tenant"]), st.integers()),
    left_s=st.floats(0, 1e6),
)
def test_a_retried_message_comes_back_with_a_shorter_life(headers, left_s):
    given_before = BasicProperties(headers=headers, message_id="m", reply_to="r", correlation_id="c", content_type="t")
    back = retried(given_before, left_s)
    assert 0 < lifetime_s(back, 1e9) <= max(0.001, left_s - RETRY_DELAY_S)
    assert (back.message_id, back.reply_to, back.correlation_id, back.content_type) == ("m", "r", "c", "t")
    assert {name: value for name, value in headers.items() if name == "tenant"}.items() <= back.headers.items()
