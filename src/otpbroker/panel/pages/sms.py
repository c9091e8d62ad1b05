"""One SMS by hand, and what it will become. The text lives in the request and its answer only."""

import secrets
import time
from dataclasses import dataclass
from typing import Final

from otpbroker import msisdn
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.counting import counted
from otpbroker.panel.desk import Desk
from otpbroker.panel.modem_choice import modem_choice
from otpbroker.panel.outcome import Outcome, of_error, of_sent, status_of
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.visit import Visit
from otpbroker.secrets import MessageText
from otpbroker.sms.segment import refuse_hopeless
from otpbroker.verbs.dispatch import Message, Send

_LONGEST_NUMBER: Final = 64
_LONGEST_KEY: Final = 64


@dataclass(frozen=True, slots=True)
class Letter:
    """What was typed. `key` makes a form that is sent twice one message."""

    recipient: str = ""
    text: str = ""
    modem: str = ""
    key: str = ""


def typed(visit: Visit) -> Letter:
    """Browsers send line ends as two characters; the network would charge for both."""
    form = visit.form
    text = form.get("text").replace("\r\n", "\n")
    return Letter(form.get("recipient").strip(), text, form.get("modem"), form.get("idempotency_key")[:_LONGEST_KEY])


class SmsPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [
            get("/sms", self.blank),
            post("/sms", self.send),
            post("/sms/to", self.prepared),
            post("/sms/measure", self.measured),
            get("/sms/message", self.message),
        ]

    def blank(self, visit: Visit) -> Answer:
        """`?modem=` chooses one."""
        return self._form(Letter(modem=visit.query.get("modem")))

    def prepared(self, visit: Visit) -> Answer:
        """The form for a recipient that another page knows: a number never stands in an address."""
        return self._form(typed(visit))

    def measured(self, visit: Visit) -> Answer:
        letter = typed(visit)
        if visit.piece:
            return Page("sms_measure.html", {"count": self._count(letter)})
        return self._form(letter)

    def _count(self, letter: Letter) -> object:
        return counted(letter.text, transliterating=self._desk.settings.sms.transliterate)

    def _form(self, letter: Letter, outcome: Outcome | None = None, wrong: str = "", status: int = 200) -> Page:
        """A form that is shown again is another message: it has a key of its own."""
        values = {
            "letter": letter,
            "key": secrets.token_urlsafe(16),
            "count": self._count(letter),
            "modems": modem_choice(self._desk),
            "outcome": outcome,
            "wrong": wrong,
            "deadline_s": int(self._desk.settings.sms.deadline_s),
        }
        return Page("sms.html", values, status)

    def send(self, visit: Visit) -> Answer:
        letter = typed(visit)
        began = time.monotonic()
        try:
            verb = self._verb(letter, visit)
            with self._desk.slow.place():
                sent = self._desk.peers.dispatch.send(verb, self._desk.settings.sms.deadline_s)
        except BrokerError as error:
            return self._form(letter, of_error(error), _wrong(error), status_of(error))
        self._desk.record(visit, "audit.sms_sent", msisdn.mask(self._number(letter.recipient)))
        outcome = of_sent(sent, time.monotonic() - began)
        return self._told(outcome) if outcome.is_good else self._form(letter, outcome)

    def _verb(self, letter: Letter, visit: Visit) -> Send:
        """Raises `BrokerError` for what is clear without asking anybody."""
        text = MessageText(letter.text)
        refuse_hopeless(text)
        if not text:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "sms.empty_text")
        return Send(
            door="panel",
            user=visit.admin,
            msisdn=letter.recipient,
            text=text,
            modem=letter.modem,
            short_code=len(self._number(letter.recipient)) < msisdn.MIN_DIGITS,
            idempotency_key=letter.key or secrets.token_urlsafe(16),
        )

    def _number(self, recipient: str) -> str:
        """As it will be dialled. Whole numbers are not sent as short ones: nothing checks the country of those."""
        if len(recipient) > _LONGEST_NUMBER:
            raise BrokerError(ResponseCode.INVALID_NUMBER, "number.not_digits")
        sms = self._desk.settings.sms
        return msisdn.canonical(recipient, sms.country_code, sms.international_prefixes, short_code=True)

    def message(self, visit: Visit) -> Answer:
        """How it stands now: a message's id says nothing of whom it went to."""
        message_id = visit.query.get("id")[:_LONGEST_KEY]
        verb = Message(message_id=message_id, door="panel", user=visit.admin)
        try:
            return self._told(of_sent(self._desk.peers.dispatch.call(verb)))
        except BrokerError as error:
            return Page("sms_unknown.html", {"message_id": message_id, "key": error.key, "params": error.params})

    def _told(self, outcome: Outcome) -> Page:
        values = {"modems": modem_choice(self._desk)}
        return Page("sms_message.html", {"outcome": outcome, **values})


def _wrong(error: BrokerError) -> str:
    """The field that is to be corrected."""
    if error.key.startswith("sms."):
        return "text"
    if error.code in (ResponseCode.INVALID_NUMBER, ResponseCode.BLOCKED):
        return "recipient"
    return "modem" if error.code == ResponseCode.NO_MODEM or error.key == "modem.unknown" else ""
