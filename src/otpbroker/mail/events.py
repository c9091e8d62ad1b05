"""What is told of mails: how each ended. Never a text, a subject or a whole address."""

import threading
from typing import NamedTuple

from otpbroker.mail.address import Address
from otpbroker.outcomes.stream import Answer, Stream
from otpbroker.system.clock import wall_s
from otpbroker.system.timers import Timers
from otpbroker.verbs.events import AwaitOutcomes, MailOutcome
from otpbroker.verbs.mail import DeliverMail, Mailed


class Origin(NamedTuple):
    """Where a mail comes from; `id`, `reference` and `callback` are the sender's."""

    message_id: str
    door: str
    user: str
    id: str = ""
    reference: str = ""
    callback: str = ""

    @classmethod
    def of(cls, call: DeliverMail, message_id: str) -> "Origin":
        return cls(message_id, call.door, call.user, call.id, call.reference, call.callback)


class Events:
    """Safe from any thread."""

    def __init__(self, timers: Timers) -> None:
        self._lock = threading.Lock()
        self._stream = Stream(timers, self.tell)

    def ended(self, origin: Origin, recipient: Address, mailed: Mailed) -> None:
        with self._lock:
            self._stream.put(
                MailOutcome(
                    sequence=self._stream.next,
                    time=wall_s(),
                    **origin._asdict(),
                    state=mailed.state,
                    code=mailed.code,
                    key=mailed.key,
                    recipient_masked=recipient.masked,
                    account=mailed.account,
                )
            )

    def add(self, call: AwaitOutcomes, answer: Answer) -> None:
        """`answer` gets the events after those that are known: at once where there are any, else when they come."""
        with self._lock:
            at_once = self._stream.add(call, answer)
        if at_once is not None:
            at_once()

    def tell(self) -> None:
        """Those who wait for outcomes get what there is, now."""
        with self._lock:
            answers = self._stream.tell()
        for answer in answers:
            answer()
