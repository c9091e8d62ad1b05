import logging
import sys

from hypothesis import given
from hypothesis import strategies as st

from otpbroker.system.log import MAX_LINE, LineFormatter


def record(message: str, exc_info=None) -> logging.LogRecord:
    return logging.LogRecord("dispatch", logging.INFO, __file__, 1, message, None, exc_info)


@given(st.text(max_size=2000))
def test_one_printable_line_for_any_message(message):
    line = LineFormatter("%(levelname)s %(message)s").format(record(message))
    assert line.isprintable()
    assert len(line) <= MAX_LINE


def test_a_traceback_shows_type_and_place_but_not_the_words():
    try:
        int("OTP 123456")
    except ValueError:
        line = LineFormatter("%(message)s").format(record("failed", sys.exc_info()))
    assert "ValueError at test_log.py:" in line
    assert "123456" not in line
