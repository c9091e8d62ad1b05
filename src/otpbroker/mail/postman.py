"""Takes mails, sends each in a thread of its own, and answers with the outcome: from memory, within the deadline."""

import logging
import threading
import time
from collections import Counter
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail import address
from otpbroker.mail.events import Events, Origin
from otpbroker.mail.job import Answer, Job
from otpbroker.mail.letter import Composed, Forwarded
from otpbroker.mail.recall import IN_DOUBT, Recall, compare
from otpbroker.mail.sending import Sending
from otpbroker.secrets import MessageText
from otpbroker.system.keys import Keys
from otpbroker.verbs.mail import DeliverMail, Mailed, TestAccount

_LOG: Final = logging.getLogger(__name__)
MOST_IN_HAND: Final = 200
DEADLINE_S: Final = 60.0
LONGEST_S: Final = 300.0
_RETRY_S: Final = 5.0


class Postman:
    """Safe from any thread. `by_state` counts outcomes; `subject` is of mails that bring none."""

    def __init__(self, sending: Sending, recall: Recall, keys: Keys, events: Events) -> None:
        self._sending = sending
        self._recall = recall
        self._keys = keys
        self._events = events
        self._jobs: dict[str, Job] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._answering = 0
        self.by_state: Counter[str] = Counter()
        self.subject = ""

    @property
    def in_hand(self) -> int:
        return len(self._jobs)

    def send(self, call: DeliverMail, answer: Answer) -> None:
        """Raises `BrokerError` where it is refused; else `answer` gets the outcome, perhaps at once."""
        recipient = address.parse(call.recipient)
        letter = Composed(recipient, call.subject or self.subject, call.text, self._keys.message_id())
        content = self._keys.content(f"{recipient}\0{call.subject}", call.text)
        deadline_s = DEADLINE_S if call.deadline_s is None else min(call.deadline_s, LONGEST_S)
        job = Job(
            self._recall.name(call),
            content,
            letter,
            time.monotonic() + deadline_s,
            [answer],
            origin=Origin.of(call, call.message_id or self._keys.message_id()),
            repeats=self._recall.repeats(call, content),
            redelivered=call.redelivered,
            only=call.account,
        )
        if call.idempotency_key:
            self.accept(job)
        else:
            self._accept_anyhow(job, call.message_id)

    def forward(self, letter: Forwarded, user: str, message_id: str, content: bytes, answer: Answer) -> None:
        """A mail of the relay's. Given again under the same `message_id`, it does not leave again."""
        to = str(letter.recipient)
        name = self._keys.sender(b"relay", user, message_id, to).hex() if message_id else self._keys.message_id()
        fingerprint = self._keys.content(to, MessageText(content.decode("latin-1")))
        origin = Origin(self._keys.message_id(), "relay", user)
        self._accept_anyhow(Job(name, fingerprint, letter, time.monotonic() + DEADLINE_S, [answer], origin))

    def test(self, call: TestAccount, answer: Answer) -> None:
        """A mail by one account, however that fares."""
        name = self._keys.message_id()
        text = MessageText(f"OTP Broker: {call.account}\n")
        letter = Composed(address.parse(call.recipient), "OTP Broker", text, name)
        end = time.monotonic() + min(call.deadline_s, LONGEST_S)
        self.accept(Job(name, b"", letter, end, [answer], only=call.account))

    def _accept_anyhow(self, job: Job, otherwise: str = "") -> None:
        """A name that a machine gave to two mails is no mistake of the sender's: the second one goes under another."""
        try:
            self.accept(job)
        except BrokerError as error:
            if error.key != "idempotency.other_content":
                raise
            job.name = otherwise or self._keys.message_id()
            self.accept(job)

    def accept(self, job: Job) -> None:
        """Send it, or give it the outcome of the mail that it repeats. Raises `BrokerError` where it is refused."""
        with self._changed:
            earlier = self._earlier(job)
            if isinstance(earlier, Job):
                earlier.answers += job.answers
                return
            if earlier is None:
                self._refuse_in_vain(job)
                self._recall.begin(job)
                self._jobs[job.name] = job
        if earlier is None:
            threading.Thread(target=self._run, args=(job,), name="mail", daemon=True).start()
            return
        if job.redelivered and earlier.key == IN_DOUBT:
            self._tell(job, earlier)  # the life that had it in hand did not
        _answer(job, earlier)

    def _earlier(self, job: Job) -> Job | Mailed | None:
        """The mail that it repeats: on its way, or with an outcome that stands."""
        for name in self._recall.names(job):
            joined = self._jobs.get(name)
            if joined is not None:
                compare(joined.content, job.content)
                return joined
            mailed = self._recall.earlier(name, job.content)
            if mailed is not None:
                return mailed
        return None

    def _refuse_in_vain(self, job: Job) -> None:
        if self._stopping:
            raise BrokerError(ResponseCode.FAILED, "mail.stopping", retry_after_s=_RETRY_S)
        if len(self._jobs) >= MOST_IN_HAND:
            raise BrokerError(ResponseCode.LIMIT, "queue.full", most=MOST_IN_HAND, retry_after_s=_RETRY_S)
        if not job.only:
            self._sending.refuse_in_vain()

    def _run(self, job: Job) -> None:
        try:
            outcome: Mailed | BrokerError = self._sending.outcome(job)
        except BrokerError as refused:
            outcome = refused
        with self._changed:
            if isinstance(outcome, Mailed):
                self._recall.remember(job.name, job.content, outcome)
                self.by_state[outcome.state] += 1
            del self._jobs[job.name]
            self._answering += 1
        _log(job, outcome)
        if isinstance(outcome, Mailed):
            self._tell(job, outcome)
        _answer(job, outcome)
        with self._changed:
            self._answering -= 1
            self._changed.notify_all()

    def _tell(self, job: Job, mailed: Mailed) -> None:
        if job.origin is not None:
            self._events.ended(job.origin, job.letter.recipient, mailed)

    def drain(self, deadline_s: float) -> None:
        """Refuse what is new; return when all is answered, or the time is up."""
        with self._changed:
            self._stopping = True
            self._changed.wait_for(lambda: not (self._jobs or self._answering), deadline_s)


def _answer(job: Job, outcome: Mailed | BrokerError) -> None:
    for answer in job.answers:
        answer(outcome)


def _log(job: Job, outcome: Mailed | BrokerError) -> None:
    took_ms = int((time.monotonic() - job.began) * 1000)
    if isinstance(outcome, Mailed):
        by = outcome.account or "-"
        _LOG.info("to %s: %s by %s in %d ms %s", job.letter.recipient.masked, outcome.state, by, took_ms, outcome.key)
    else:
        _LOG.info("to %s: refused in %d ms: %s", job.letter.recipient.masked, took_ms, outcome.key)
