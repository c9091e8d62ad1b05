"""What a door does with the letter of a one-time password, and what it tells dispatch of it."""

import pytest

from otpbroker.doors.contract import Sender
from otpbroker.doors.otp import MAX_TEXT, OtpCommands
from otpbroker.envelope.commands import RequestOtp
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText
from otpbroker.verbs.mail import Mailed
from otpbroker.verbs.otp import OtpLetter, OtpOpened, OtpSettled

SHOP = Sender(user="shop")
LETTER = OtpLetter(token="a" * 24, subject="Your code", text=MessageText("Kode 482913"), life_s=50)


class Dispatch:
    """Hands out one letter, and hears what became of it; `known` is whether its code still is."""

    def __init__(self, known):
        self.known = known
        self.settled = []

    def send(self, verb, deadline_s):
        return OtpOpened(letter=LETTER)

    def call(self, verb, timeout_s=10):
        self.settled.append(verb)
        return OtpSettled(known=self.known)


class Mail:
    def __init__(self, outcome):
        self.outcome = outcome
        self.sent = []

    def send(self, verb, deadline_s):
        self.sent.append((verb, deadline_s))
        if isinstance(self.outcome, BrokerError):
            raise self.outcome
        return self.outcome


def command(**fields):
    defaults = {"reference": 7, "receiver": " a@b.id ", "text": MessageText("Kode %s"), "params": ("", "", "", "")}
    return RequestOtp(command="request-otp", **(defaults | fields))


def request(outcome, sender=SHOP, *, known=True, **fields):
    """What the door answers, what it mailed and what it told dispatch."""
    dispatch, mail = Dispatch(known), Mail(outcome)
    try:
        answer = OtpCommands("rest", dispatch, mail, lambda: None).request(command(**fields), sender, 60)
    except BrokerError as error:
        answer = error
    return answer, mail.sent, dispatch.settled


SENT = Mailed(state="submitted", code=ResponseCode.SUCCESS, account="gmail")


def test_a_letter_is_sent_under_its_token_and_told_of():
    answer, ((mail, deadline_s),), (told,) = request(SENT, callback="https://app.example/otp")
    assert (mail.message_id, mail.recipient, mail.subject, mail.text) == ("a" * 24, "a@b.id", "Your code", LETTER.text)
    assert (mail.reference, mail.callback) == ("7", "https://app.example/otp")
    assert deadline_s == 50
    assert (told.reference, told.sent.message_id, told.sent.state) == ("7", "a" * 24, "submitted")
    assert (answer.reply.response_code, answer.reply.data.account, answer.pending_id) == ("0000", "gmail", "")


@pytest.mark.parametrize(("left_s", "deadline_s"), [(None, 50), (20.0, 20.0), (70.0, 50)])
def test_the_transport_bounds_it_too(left_s, deadline_s):
    _, ((_, given_s),), _ = request(SENT, Sender(lifetime_s=left_s))
    assert given_s == deadline_s


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (BrokerError(ResponseCode.OUTCOME_UNKNOWN, "mail.lost"), "unknown"),
        (BrokerError(ResponseCode.FAILED, "mail.no_account"), "failed"),
        (BrokerError(ResponseCode.FAILED, "mail.unavailable", retry_after_s=3), "failed"),
    ],
)
def test_a_refusal_is_told_and_answered(error, state):
    answer, _, (told,) = request(error)
    assert answer is error
    assert (told.sent.state, told.sent.code, told.sent.key) == (state, error.code, error.key)


def test_a_code_that_dispatch_has_forgotten_is_no_success():
    answer, _, _ = request(SENT, known=False)
    assert (answer.code, answer.key, answer.retry_after_s) == (ResponseCode.FAILED, "otp.forgotten", 1)
    failed = Mailed(state="failed", code=ResponseCode.FAILED, key="mail.silent", params={"host": "h"})
    answer, _, _ = request(failed, known=False)
    assert (answer.reply.response_code, answer.reply.data.reason) == ("1102", "mail.silent")


def test_a_text_that_no_frame_holds_is_refused():
    answer, mailed, told = request(SENT, text=MessageText("%s" + "x" * MAX_TEXT))
    assert (answer.code, mailed, told) == (ResponseCode.TOO_LONG, [], [])
