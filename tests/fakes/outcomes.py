"""Outcomes as dispatch and mail tell of them."""

import itertools
import secrets

from otpbroker.errors import ResponseCode
from otpbroker.verbs.events import MailOutcome, Outcomes, SmsOutcome

_NUMBERS = itertools.count(1)
AT = 1795744302.25


def outcome(state="submitted", **fields):
    """Of an SMS; of a new one, unless `message_id` is given."""
    facts = {"msisdn_masked": "62812****890", "modem": "m0", "parts": 1, "id": "42"}
    return SmsOutcome(state=state, **(_common() | facts | fields))


def mail_outcome(state="submitted", **fields):
    """As `outcome`, of a mail."""
    facts = {"recipient_masked": "u****@example.org", "account": "gmail", "id": "m1"}
    return MailOutcome(state=state, **(_common() | facts | fields))


def _common():
    number = next(_NUMBERS)
    facts = {"sequence": number, "time": AT, "message_id": f"{number:024x}", "door": "rest", "user": "shop"}
    return facts | {"code": ResponseCode.SUCCESS}


class Tale:
    """The stream of one life: what it tells, and who waits for more."""

    def __init__(self):
        self._life = secrets.token_hex(8)
        self._told = []
        self._waiting = []

    def tell(self, *events):
        """These outcomes happened."""
        self._told += events
        waiting, self._waiting = self._waiting, []
        for verb, reply in waiting:
            self.follow(verb, reply)

    def follow(self, verb, reply):
        """Answers `AwaitOutcomes`."""
        after = verb.after if verb.life in ("", self._life) else 0
        if verb.life and after >= len(self._told):
            self._waiting.append((verb, reply))
        else:
            events = tuple(self._told[after:]) if verb.life else ()
            reply.result(Outcomes(life=self._life, last=len(self._told), events=events))
