"""What goes to a server after DATA: made in memory."""

import datetime as dt
import re
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from otpbroker.mail.address import Address
from otpbroker.mail.letter import Composed, Letter

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_PLAIN: Final = re.compile(r"[\t\n\r\x20-\x7e]*")


def octets(letter: Letter, sender: Address) -> bytes:
    """Header and body, lines ending with CR LF, no dots doubled yet."""
    return _composed(letter, sender) if isinstance(letter, Composed) else letter.octets


def _composed(composed: Composed, sender: Address) -> bytes:
    wide = not (composed.recipient.local.isascii() and sender.local.isascii())
    letter = EmailMessage(policy.SMTPUTF8 if wide else policy.SMTP)
    letter["From"] = str(sender)
    letter["To"] = str(composed.recipient)
    letter["Subject"] = composed.subject
    letter["Date"] = dt.datetime.now(dt.UTC)
    letter["Message-ID"] = f"<{composed.name}@{sender.domain}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no automatic answers, please
    text = composed.text.reveal()
    letter.set_content(text, charset="utf-8", cte=None if _PLAIN.fullmatch(text) else "base64")
    return letter.as_bytes()


def marked(content: bytes, server_name: str, software_name: str) -> bytes:
    """What a client of the relay made, with our mark on its way (RFC 5321 §4.4)."""
    date = format_datetime(dt.datetime.now(dt.UTC))
    mark = f"Received: by {server_name or 'localhost'} ({software_name}) with ESMTPA; {date}\r\n"
    return mark.encode() + lines_ended(content)


def lines_ended(content: bytes) -> bytes:
    """`content` with CR LF after every line and nowhere else a CR or LF: what the next server might take for the end of
    the mail cannot stand within it.
    """
    whole = _LINE_END.sub(b"\r\n", content)
    return whole if whole.endswith(b"\r\n") else whole + b"\r\n"
