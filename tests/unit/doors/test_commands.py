"""How long the mail of a door may take, by everyone who said something of it."""

import pytest

from otpbroker.doors.commands import Commands
from otpbroker.doors.contract import Sender
from otpbroker.envelope.commands import SendMail, Timing
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText
from otpbroker.verbs.mail import Mailed

NOW = 1_700_000_000.0
DEADLINE_S = 60.0


class Mail:
    """Sends everything, and remembers how long it had for it."""

    def __init__(self):
        self.had_s = []

    def send(self, _verb, deadline_s):
        self.had_s.append(deadline_s)
        return Mailed(state="submitted", code=ResponseCode.SUCCESS, account="office")


def mail(now=NOW, lifetime_s=None, **timing):
    """How long the mail service had for each mail."""
    service = Mail()
    command = SendMail(
        command="send-mail", recipient="a@b.id", subject="s", text=MessageText("x"), timing=Timing(**timing)
    )
    Commands("rest", None, service, lambda: now, DEADLINE_S).run(command, Sender(lifetime_s=lifetime_s))
    return service.had_s


@pytest.mark.parametrize(
    ("had_s", "lifetime_s", "timing"),
    [
        (DEADLINE_S, None, {}),
        (20.0, None, {"expiration": NOW + 20}),
        (20.0, 30.0, {"date_time": 5.0, "expiration": 25.0}),
        (10.0, 10.0, {"date_time": 5.0, "expiration": 25.0}),
        (DEADLINE_S, 3600.0, {"expiration": NOW + 3600}),
    ],
)
def test_a_mail_lives_as_long_as_its_sender_and_its_transport_say(had_s, lifetime_s, timing):
    assert mail(lifetime_s=lifetime_s, **timing) == [had_s]


def test_an_expired_mail_is_not_sent():
    with pytest.raises(BrokerError) as caught:
        mail(date_time=NOW, expiration=NOW - 1)
    assert caught.value.code is ResponseCode.EXPIRED


def test_an_expiration_alone_says_nothing_to_a_clock_that_is_not_set():
    assert mail(now=None, expiration=5.0) == [DEADLINE_S]
