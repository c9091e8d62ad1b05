import email
from email import policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from otpbroker.errors import BrokerError
from otpbroker.mail import composing
from otpbroker.mail.address import parse
from otpbroker.mail.letter import Composed
from otpbroker.secrets import MessageText

SENDER = parse("otp@example.com")
CHARACTERS = st.characters(codec="utf-8")


def composed(subject="Kode", text="OTP Anda 1234", to="user@example.org"):
    return Composed(parse(to), subject, MessageText(text), "0a1b")


def read(octets):
    return email.message_from_bytes(octets, policy=policy.SMTPUTF8)


def lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


@settings(max_examples=300)
@given(st.text(CHARACTERS, max_size=300), st.text(CHARACTERS, max_size=300).filter(str.strip))
@example(".\r\n..\r\nQUIT\r\n", "x" * 998)
@example("\r\n\x00\x0b\x85\u2028 =?utf-8?q?=", "=?utf-8?q?a?= b\u2028c")
@example("x" * 5000, "ü" * 400)
@example("naïve \tx ", "a  b\u3000 ü")
def test_any_text_and_subject_arrive_and_add_no_header(text, subject):
    try:
        octets = composing.octets(composed(subject, text), SENDER)
    except BrokerError as error:
        assert error.key == "envelope.control_character"  # noqa: PT017 - any subject may be drawn
        return
    assert set(octets) <= {9, 10, 13, *range(32, 127)}
    assert octets.count(b"\n") == octets.count(b"\r\n") == octets.count(b"\r")
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    message = read(octets)
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
         "Content-Transfer-Encoding", "MIME-Version"]
    )  # fmt: skip
    assert lines(message.get_content()) == lines(text)
    if "=?" not in subject:  # a sender may have encoded it already (RFC 2047)
        assert message["Subject"].split() == " ".join(subject.splitlines()).split()


def test_the_headers():
    message = read(composing.octets(composed(), SENDER))
    assert (message["From"], message["To"]) == ("otp@example.com", "user@example.org")
    assert message["Message-ID"] == "<0a1b@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    assert message.get_content_type() == "text/plain"


def test_an_address_beyond_ascii_stands_in_the_header_as_it_is():
    octets = composing.octets(composed(to="用户@example.org"), SENDER)
    assert "To: 用户@example.org".encode() in octets
    assert read(octets)["To"] == "用户@example.org"


def test_what_is_no_text_is_refused():
    for wrong in ({"text": "a\ud800"}, {"subject": "a\udfff"}):
        with pytest.raises(BrokerError, match=r"1105 mail\.not_unicode"):
            composed(**wrong)
    with pytest.raises(BrokerError, match=r"1105 envelope\.control_character"):
        composed(subject="a\x00")
    assert read(composing.octets(composed(subject="a\r\nBcc: x@y.z"), SENDER))["Bcc"] is None
