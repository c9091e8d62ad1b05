"""Each verb of mail to the code that answers it."""

import contextlib
from collections.abc import Callable, Iterator

from otpbroker.errors import BrokerError
from otpbroker.ipc.connection import Reply
from otpbroker.mail.events import Events
from otpbroker.mail.job import Answer
from otpbroker.mail.journal import Journal
from otpbroker.mail.postman import Postman
from otpbroker.mail.rota import Rota
from otpbroker.mail.sending import Sending
from otpbroker.system.peercred import Peer
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.events import AwaitOutcomes
from otpbroker.verbs.mail import DeliverMail, Mailed, MailFacts, MailVerb, TestAccount


class Handlers:
    """Called in the reader thread: quick, or handed to the postman with the reply."""

    def __init__(self, postman: Postman, rota: Rota, sending: Sending, journal: Journal, events: Events) -> None:
        self._postman = postman
        self._rota = rota
        self._sending = sending
        self._journal = journal
        self._events = events
        self._settings_error = ""
        self.relay: Callable[[], str] = str
        self.alarms: list[Alarm] = []

    def __call__(self, call: MailVerb, _peer: Peer, reply: Reply) -> None:
        match call:
            case DeliverMail():
                self._postman.send(call, _answering(reply))
            case TestAccount():
                self._postman.test(call, _answering(reply))
            case AwaitOutcomes():
                self._events.add(call, reply.result)
            case _:
                reply.result(self._facts())

    def _facts(self) -> MailFacts:
        direct = self._sending.direct
        return MailFacts(
            accounts=self._rota.facts(),
            direct=direct.facts() if direct is not None else None,
            in_hand=self._postman.in_hand,
            by_state=dict(self._postman.by_state),
            relay=self.relay(),
            alarms=self.alarms + [Alarm(key="alarm.mail_state_unwritable")] * self._journal.broken,
            settings_error=self._settings_error,
        )

    @contextlib.contextmanager
    def noting_errors(self) -> Iterator[None]:
        """Why the last settings were refused is told until some are taken."""
        try:
            yield
        except BrokerError as error:
            self._settings_error = error.key
            raise
        self._settings_error = ""


def _answering(reply: Reply) -> Answer:
    def answer(outcome: Mailed | BrokerError) -> None:
        if isinstance(outcome, Mailed):
            reply.result(outcome)
        else:
            reply.error(outcome)

    return answer
