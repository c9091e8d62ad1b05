"""What goes to a server after DATA: made in memory, for one sender and one recipient."""

import datetime as dt
import re
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Protocol

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail.address import Address
from otpbroker.secrets import MessageText

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_PLAIN: Final = re.compile(r"[\t\n\r\x20-\x7e]*")


class Letter(Protocol):
    """One mail to one recipient, whichever account will send it."""

    @property
    def recipient(self) -> Address: ...

    def octets(self, sender: Address) -> bytes:
        """Header and body, lines ending with CR LF, no dots doubled yet."""


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
        self._subject = subject
        self._text = text
        self._name = name

    def octets(self, sender: Address) -> bytes:
        wide = not (self.recipient.local.isascii() and sender.local.isascii())
        letter = EmailMessage(policy.SMTPUTF8 if wide else policy.SMTP)
        letter["From"] = str(sender)
        letter["To"] = str(self.recipient)
        letter["Subject"] = self._subject
        letter["Date"] = dt.datetime.now(dt.UTC)
        letter["Message-ID"] = f"<{self._name}@{sender.domain}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no automatic answers, please
        text = self._text.reveal()
        letter.set_content(text, charset="utf-8", cte=None if _PLAIN.fullmatch(text) else "base64")
        return letter.as_bytes()


class Forwarded:
    """A mail that a client of the relay made, with our mark on its way (RFC 5321 §4.4)."""

    def __init__(self, recipient: Address, content: bytes, server_name: str, software_name: str) -> None:
        self.recipient = recipient
        date = format_datetime(dt.datetime.now(dt.UTC))
        mark = f"Received: by {server_name or 'localhost'} ({software_name}) with ESMTPA; {date}\r\n"
        self._octets = mark.encode() + lines_ended(content)

    def octets(self, sender: Address) -> bytes:  # noqa: ARG002 - it names its sender itself
        return self._octets


def lines_ended(content: bytes) -> bytes:
    """`content` with CR LF after every line and nowhere else a CR or LF: what the next server might take for the end of
    the mail cannot stand within it.
    """
    whole = _LINE_END.sub(b"\r\n", content)
    return whole if whole.endswith(b"\r\n") else whole + b"\r\n"
