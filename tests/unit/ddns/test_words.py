import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.ddns import afraid, words
from otpbroker.ddns.exchange import Question, Told
from otpbroker.texts import TABLES

ADDRESS = "198.51.100.7"


@pytest.mark.parametrize(
    ("text", "status", "kind", "key", "account"),
    [
        ("good 198.51.100.7", 200, "done", "ddns.good", False),
        ("nochg 198.51.100.7\r\n", 200, "done", "ddns.nochg", False),
        ("good", 200, "done", "ddns.good", False),
        ("badauth", 200, "stop", "ddns.badauth", True),
        ("badauth", 401, "stop", "ddns.badauth", True),
        ("", 401, "stop", "ddns.badauth", True),
        ("BADAGENT", 200, "stop", "ddns.badagent", True),
        ("!donator", 200, "stop", "ddns.donator", True),
        ("abuse", 403, "stop", "ddns.abuse", True),
        ("nohost", 200, "stop", "ddns.nohost", False),
        ("notfqdn", 200, "stop", "ddns.notfqdn", False),
        ("numhost", 200, "stop", "ddns.numhost", False),
        ("unknown", 200, "stop", "ddns.nohost", False),
        ("911", 200, "pause", "ddns.911", True),
        ("911", 500, "pause", "ddns.911", True),
        ("dnserr", 200, "pause", "ddns.911", True),
        ("servererror", 200, "pause", "ddns.911", True),
        ("", 200, "retry", "ddns.not_understood", False),
        ("goodbye", 200, "retry", "ddns.not_understood", False),
        ("", 502, "retry", "ddns.server_error", False),
    ],
)
def test_each_documented_word(text, status, kind, key, account):
    verdict = words.verdict(Told(status, text), ADDRESS)
    assert (verdict.kind, verdict.key, verdict.account) == (kind, key, account)
    assert verdict.kind != "pause" or verdict.pause_s >= 1800


@given(st.text(max_size=200), st.integers(100, 599))
def test_whatever_comes_is_a_verdict_with_words_that_harm_nobody(text, status):
    for verdict in (words.verdict(Told(status, text), ADDRESS), afraid.verdict(Told(status, text), ADDRESS)):
        for table in TABLES.values():
            assert table[verdict.key].format(**verdict.params).isprintable()


def test_a_question_never_prints_itself():
    question = Question("GET", "https://sync.afraid.org/u/TOKEN/", {"Authorization": "Basic geheim"})
    assert "TOKEN" not in f"{question}{question!r}"
    assert "geheim" not in f"{question}{question!r}"
