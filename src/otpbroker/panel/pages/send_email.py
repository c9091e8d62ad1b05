"""One e-mail by hand. The text lives in the request and its answer only."""

import secrets
import time
from dataclasses import dataclass
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail import address
from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.outcome import Outcome, of_error, of_mailed, status_of
from otpbroker.panel.routes import UPLOAD_OCTETS, Route, get, post
from otpbroker.panel.visit import Visit
from otpbroker.secrets import MessageText
from otpbroker.verbs.mail import MAX_TEXT, DeliverMail, MailFacts, MailStatus

DEADLINE_S: Final = 60.0
_STATUS_S: Final = 2.0
_LONGEST_KEY: Final = 64
_LONGEST_SUBJECT: Final = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """`account` is empty where any may send. `key` makes a form that is sent twice one mail."""

    recipient: str = ""
    subject: str = ""
    text: str = ""
    account: str = ""
    key: str = ""


def typed(visit: Visit) -> Typed:
    form = visit.form
    subject = " ".join(form.get("subject").split())[:_LONGEST_SUBJECT]
    text = form.get("text").replace("\r\n", "\n")
    key = form.get("idempotency_key")[:_LONGEST_KEY]
    return Typed(form.get("recipient").strip(), subject, text, form.get("account"), key)


class SendEmailPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/send-email", self.blank), post("/send-email", self.send, most_octets=UPLOAD_OCTETS)]

    def blank(self, _visit: Visit) -> Answer:
        return self._form(Typed())

    def _form(self, mail: Typed, outcome: Outcome | None = None, wrong: str = "", status: int = 200) -> Page:
        """A form that is shown again is another mail: it has a key of its own."""
        facts, down = self._facts()
        accounts = [account for account in facts.accounts if account.active]
        values = {
            "mail": mail,
            "key": secrets.token_urlsafe(16),
            "accounts": accounts,
            "nobody": not down and not accounts and facts.direct is None,
            "down": down,
            "outcome": outcome,
            "wrong": wrong,
            "longest_subject": _LONGEST_SUBJECT,
            "deadline_s": int(DEADLINE_S),
        }
        return Page("send_email.html", values, status)

    def _facts(self) -> tuple[MailFacts, str]:
        """With the text key of why nothing is known."""
        try:
            return self._desk.peers.mail.call(MailStatus(), _STATUS_S), ""
        except BrokerError as error:
            return MailFacts(), error.key

    def send(self, visit: Visit) -> Answer:
        mail = typed(visit)
        began = time.monotonic()
        try:
            recipient = address.parse(mail.recipient)
            verb = _verb(mail, visit)
            with self._desk.slow.place():
                mailed = self._desk.peers.mail.send(verb, DEADLINE_S)
        except BrokerError as error:
            return self._form(mail, of_error(error), _wrong(error), status_of(error))
        self._desk.record(visit, "audit.email_sent", recipient.masked)
        outcome = of_mailed(mailed, time.monotonic() - began)
        return Page("email_sent.html", {"outcome": outcome}) if outcome.is_good else self._form(mail, outcome)


def _verb(mail: Typed, visit: Visit) -> DeliverMail:
    """Raises `BrokerError` for what is clear without asking anybody."""
    if not mail.text:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "sms.empty_text")
    if len(mail.text) > MAX_TEXT:
        raise BrokerError(ResponseCode.TOO_LONG, "mail.too_long", max=MAX_TEXT, length=len(mail.text))
    return DeliverMail(
        door="panel",
        user=visit.admin,
        recipient=mail.recipient,
        subject=mail.subject,
        text=MessageText(mail.text),
        account=mail.account,
        idempotency_key=mail.key or secrets.token_urlsafe(16),
    )


def _wrong(error: BrokerError) -> str:
    """The field that is to be corrected."""
    if error.key.startswith("mail.address") or error.key == "mail.refused_recipient":
        return "recipient"
    if error.key in ("sms.empty_text", "mail.too_long"):
        return "text"
    return "account" if error.key == "settings.no_entry_email" else ""
