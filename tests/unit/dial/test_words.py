import pytest

from otpbroker.dial import words
from otpbroker.dial.words import Connected, Crashed, Down, Refused, Up, read
from otpbroker.network.chat import FAILURES
from otpbroker.texts import ENGLISH


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("connected wvdial", Connected("wvdial")),
        ("crashed wvdial", Crashed("wvdial")),
        ("refused wvdial BUSY", Refused("wvdial", "dial.busy")),
        ("refused wvdial NO CARRIER", Refused("wvdial", "dial.no_carrier")),
        ("refused wvdial NO DIALTONE", Refused("wvdial", "dial.no_carrier")),
        ("refused wvdial +CME ERROR", Refused("wvdial", "dial.refused")),
        ("refused chat 3", Refused("chat", "dial.no_connect")),
        ("refused chat 127", Refused("chat", "dial.no_connect")),
        ("refused chat", Refused("chat", "dial.no_connect")),
        (f"refused chat {4 + FAILURES.index('BUSY')}", Refused("chat", "dial.busy")),
        (f"refused chat {4 + FAILURES.index('ERROR')}", Refused("chat", "dial.refused")),
        ("up ppp0 10.64.0.2 10.64.0.53 10.64.0.54", Up("ppp0", "10.64.0.2", ("10.64.0.53", "10.64.0.54"))),
        ("up ppp0 10.64.0.2 10.64.0.53 10.64.0.53", Up("ppp0", "10.64.0.2", ("10.64.0.53",))),
        ("up ppp0 10.64.0.2  ", Up("ppp0", "10.64.0.2", ())),
        ("down ppp0", Down()),
        ("", None),
        ("up", None),
        ("else", None),
    ],
)
def test_lines_of_a_call(line, word):
    assert read(line) == word


def test_every_failure_has_words():
    keys = {
        *words._RESULTS.values(),
        *words._STATUSES.values(),
        words.ending(-9, was_up=False),
        words.ending(5, was_up=True),
    }
    assert keys <= ENGLISH.keys()
