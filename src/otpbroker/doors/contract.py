"""What a door brings to a command and takes from it, and whom it may call."""

from typing import NamedTuple, Protocol

from otpbroker.envelope.reply import Reply
from otpbroker.ipc.wire import Result, Verb
from otpbroker.texts import Language
from otpbroker.verbs.dispatch import Lasting


class Dispatch(Protocol):
    """`otpbroker.clients.dispatch.DispatchClient`, as far as a door needs it."""

    def call(self, verb: Verb[Result], timeout_s: float | None = 10) -> Result: ...

    def send(self, verb: Lasting[Result], deadline_s: float) -> Result: ...


class Mail(Protocol):
    """`otpbroker.clients.mail.MailClient`, as far as a door needs it."""

    def call(self, verb: Verb[Result], timeout_s: float | None = 10) -> Result: ...

    def send(self, verb: Lasting[Result], deadline_s: float) -> Result: ...


class Sender(NamedTuple):
    """Who asks, and how. `lifetime_s` is what the transport itself leaves the message, None where it sets no bound;
    `delivery_key` and `broker_redelivered` as in `otpbroker.verbs.dispatch.Send`.
    """

    user: str = ""
    language: Language = "en"
    respond_async: bool = False
    idempotency_key: str = ""
    lifetime_s: float | None = None
    delivery_key: str = ""
    broker_redelivered: bool = False


class Outcome(NamedTuple):
    """`pending_id` is set where the message has no final state yet; `retry_after_s` where it did not go, but the same
    command may well succeed later.
    """

    reply: Reply
    pending_id: str = ""
    retry_after_s: float | None = None
