import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.panel.forgery import Tokens, host_name, is_own_host, is_own_origin

COOKIE = "a cookie of this browser"


@given(st.text())
def test_a_token_is_right_for_its_cookie_only(other):
    tokens = Tokens()
    token = tokens.make(COOKIE)
    assert tokens.is_right(token, COOKIE)
    assert not tokens.is_right(token, other)
    assert not tokens.is_right(other, COOKIE)


def test_a_token_never_looks_the_same_and_is_good_in_its_own_process_only():
    tokens = Tokens()
    made = {tokens.make(COOKIE) for _ in range(50)}
    assert len(made) == 50
    assert all(tokens.is_right(each, COOKIE) for each in made)
    assert not any(Tokens().is_right(each, COOKIE) for each in made)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-2], lambda t: t + "AA", lambda t: t[::-1], lambda _: "", lambda _: "ÿ"]
)
def test_a_token_that_was_touched_is_wrong(change):
    tokens = Tokens()
    assert not tokens.is_right(change(tokens.make(COOKIE)), COOKIE)


def test_without_a_cookie_no_token_is_right():
    tokens = Tokens()
    assert not tokens.is_right(tokens.make(""), "")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("192.168.0.11:8888", True),
        ("192.168.0.11", True),
        ("[fd00::1]:8888", True),
        ("localhost:8888", True),
        ("OTPBroker.local:8888", True),
        ("otpbroker.local.:8888", True),
        ("sms.toko.example", True),
        ("toko.example", False),
        ("evil.example:8888", False),
        ("otpbroker.local.evil.example", False),
        ("192.168.0.11.evil.example", False),
        ("", False),
        ("otpbroker.local:x:8888", False),
        ("otpbroker.local:99999", False),
        ("user@192.168.0.11", False),
        ("192.168.0.11:8888/x", False),
        ("192.168.0.11 evil.example", False),
        ("[::1", False),
        ("a" * 5000, False),
    ],
)
def test_this_device_is_known_by_its_addresses_and_its_own_names(host, own):
    assert is_own_host(host, ("sms.toko.example",)) is own


def test_a_host_without_its_port():
    assert host_name("[FD00::1]:8888") == "fd00::1"
    assert host_name("x:y:z") == ""


HOST = "192.168.0.11:8888"


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"Origin": f"http://{HOST}"}, True),
        ({"Origin": f"https://{HOST.upper()}"}, True),
        ({"Referer": f"http://{HOST}/modems?q=x"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": f"http://{HOST}"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "null"}, False),
        ({"Origin": "http://192.168.0.11:8889"}, False),
        ({"Origin": "http://192.168.0.11"}, False),
        ({"Origin": f"http://{HOST}.evil.example"}, False),
        ({"Origin": f"http://{HOST}@evil.example"}, False),
        ({"Referer": f"http://evil.example/{HOST}"}, False),
        ({"Origin": "http://[::1"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": f"http://{HOST}"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_only_our_own_pages_may_ask(headers, own):
    assert is_own_origin(lambda name: headers.get(name, ""), HOST, secure=False) is own


@pytest.mark.parametrize("name", ["Origin", "Referer"])
def test_a_page_that_came_in_the_clear_does_not_speak_for_one_that_came_by_https(name):
    assert is_own_origin({name: f"https://{HOST}"}.get, HOST, secure=True)
    assert not is_own_origin({name: f"http://{HOST}"}.get, HOST, secure=True)
