"""One mail to one recipient, whichever account will send it."""

import re
from typing import Final, NamedTuple

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail.address import Address
from otpbroker.secrets import MessageText

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Composed:
    """A text that we were given. `name` makes the Message-ID; the same for every attempt."""

    def __init__(self, recipient: Address, subject: str, text: MessageText, name: str) -> None:
        """Raises `BrokerError` 1105 where subject or text hold what no mail can."""
        subject = " ".join(subject.splitlines())
        if _CONTROL.search(subject):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "envelope.control_character", field="subject")
        for field, value in (("subject", subject), ("message", text.reveal())):
            if any("\ud800" <= char <= "\udfff" for char in value):
                raise BrokerError(ResponseCode.INVALID_REQUEST, "mail.not_unicode", field=field)
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.name = name


class Forwarded(NamedTuple):
    """A mail that a client of the relay made; `octets` are the whole of it, and name their sender themselves."""

    recipient: Address
    octets: bytes

    def __repr__(self) -> str:
        return f"<mail of {len(self.octets)} octets>"


Letter = Composed | Forwarded
