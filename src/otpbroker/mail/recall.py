"""Is this mail new, or has it left already? Held by the postman's lock.

What left in this life is known with its outcome; of what left in an earlier one the journal keeps the name alone, so
it is called unknown, and does not leave again.
"""

import time
from collections import OrderedDict
from typing import Final, NamedTuple

from msgspec.structs import replace

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail.job import Job, Repeats
from otpbroker.mail.journal import Journal
from otpbroker.outcomes.duplicates import CONTENT_WINDOW_S, Duplicates
from otpbroker.system.keys import Keys
from otpbroker.verbs.mail import DeliverMail, Mailed

WINDOW_S: Final = 86400.0
MOST: Final = 10_000
IN_DOUBT: Final = "mail.in_doubt"
_STANDS: Final = ("submitted", "unknown")


class _Known(NamedTuple):
    content: bytes
    mailed: Mailed
    until_s: float


class Recall:
    def __init__(self, journal: Journal, keys: Keys) -> None:
        self._journal = journal
        self._keys = keys
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._duplicates = Duplicates()
        self._outcomes: dict[tuple[str, str], Mailed] = {}

    def name(self, call: DeliverMail) -> str:
        """What tells this mail from others: the sender's or broker's name for it, else the door's."""
        kind, key = (b"idempotency", call.idempotency_key) if call.idempotency_key else (b"delivery", call.delivery_key)
        if key:
            return self._keys.sender(kind, call.door, call.user, key).hex()
        return call.message_id or self._keys.message_id()

    def repeats(self, call: DeliverMail, content: bytes) -> Repeats | None:
        """Its sender's id with its content (SPEC §5.2). What a message broker gives again without a name of its own is
        told by that too, also where it has no id.
        """
        if not (call.id or call.door == "amqp"):
            return None
        nameless = call.broker_redelivered and not call.delivery_key
        key = self._keys.sender(b"mail", call.door, call.user, call.id) + content
        return Repeats(key, not call.idempotency_key and bool(call.id or nameless))

    def names(self, job: Job) -> list[str]:
        """Its own, and that of the mail whose id and content it repeats."""
        known = self._duplicates.find(job.repeats.key) if job.repeats and job.repeats.matters else None
        return [job.name] if known is None else [job.name, known.message_id]

    def begin(self, job: Job) -> None:
        """It is accepted."""
        if job.repeats:
            self._duplicates.remember(job.repeats.key, job.name, job.content, CONTENT_WINDOW_S)

    def earlier(self, name: str, content: bytes) -> Mailed | None:
        """The outcome that stands. Raises 1105 `idempotency.other_content` where the name was another mail's."""
        known = self._known.get(name)
        if known is not None and known.until_s > time.monotonic():
            compare(known.content, content)
            return replace(known.mailed, replayed=True)
        if self._journal.has(name):
            unknown = ResponseCode.OUTCOME_UNKNOWN
            return Mailed(state="unknown", code=unknown, key=IN_DOUBT, replayed=True)
        return None

    def remember(self, name: str, content: bytes, mailed: Mailed) -> None:
        """An outcome; only one that stands is kept."""
        if mailed.state not in _STANDS:
            return
        mailed = self._outcomes.setdefault((mailed.state, mailed.account), mailed)  # one for all that are alike
        self._known[name] = _Known(content, mailed, time.monotonic() + WINDOW_S)
        while len(self._known) > MOST:
            self._known.popitem(last=False)


def compare(known: bytes, content: bytes) -> None:
    if known != content:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "idempotency.other_content")
