"""One accepted message on its way: held in memory only, from acceptance to its final state."""

import math
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from otpbroker.dispatch.ledger import Ticket
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.msisdn import mask
from otpbroker.secrets import MessageText
from otpbroker.sms.segment import Segment
from otpbroker.system.timers import Timer
from otpbroker.verbs.dispatch import Sent, State

CODES: dict[State, ResponseCode] = {
    "queued": ResponseCode.SUCCESS,
    "sending": ResponseCode.SUCCESS,
    "submitted": ResponseCode.SUCCESS,
    "delivered": ResponseCode.SUCCESS,
    "failed": ResponseCode.FAILED,
    "expired": ResponseCode.EXPIRED,
    "unknown": ResponseCode.OUTCOME_UNKNOWN,
}

LONGEST_LIFETIME_S: Final = 7 * 86400.0  # a queue in memory promises nothing beyond

Waiter = Callable[[Sent], None]


class WithdrawnError(Exception):
    """The message was taken back before its text left: expired, blocked meanwhile, or the service stops."""


class OutgoingMessage(Struct, eq=False):
    """All `_s` fields are monotonic, `accepted_at` is wall time for people. `excluded` modems have failed.

    `text_out` turns True under the broker's lock before the first octet of the text leaves; from then on only the
    modem's word ends the message. `final` is its one outcome.
    """

    id: str
    door: str
    user: str
    msisdn: str
    number_key: int
    text: MessageText
    segments: list[Segment]
    accepted_at: float
    started_s: float
    expires_s: float
    answer_by_s: float
    short_code: bool = False
    pinned: str = ""
    sender_id: str = ""
    reference: str = ""
    callback: str = ""
    sender_key: bytes | None = None
    idempotency_key: bytes | None = None
    waiters: list[Waiter] = field(default_factory=list)
    excluded: tuple[str, ...] = ()
    attempts: int = 0
    rounds: int = 0
    modem: str = ""
    assigned_s: float = 0.0
    price: str = ""
    text_out: bool = False
    resent: bool = False
    ticket: Ticket | None = None
    timer: Timer | None = None
    answer_timer: Timer | None = None
    final: Sent | None = None

    @property
    def masked(self) -> str:
        return mask(self.msisdn)

    @property
    def units(self) -> int:
        """Characters of the text: the one thing of it that is told."""
        return len(self.text)

    def remaining_s(self, now_s: float) -> float:
        return max(0.0, self.expires_s - now_s)

    def row(self, state: State) -> tuple[object, ...]:
        """The columns of `schema.UPSERT`."""
        return (
            self.id,
            self.accepted_at,
            self.door,
            self.user,
            self.sender_key,
            self.idempotency_key,
            self.number_key,
            self.masked,
            state,
            self.modem,
            len(self.segments),
            self.units,
            self.resent,
        )

    def outcome(
        self,
        state: State,
        *,
        code: ResponseCode | None = None,
        key: str = "",
        params: dict[str, str | int] | None = None,
        retry_after_s: float | None = None,
    ) -> Sent:
        replaced = self.segments[0].replaced if self.segments else ()
        return Sent(
            message_id=self.id,
            state=state,
            code=code or CODES[state],
            key=key,
            params=params or {},
            modem=self.modem,
            parts=len(self.segments),
            cost=self.price,
            resent=self.resent,
            replaced=dict(replaced),
            retry_after_s=retry_after_s,
        )


def lifetime_s(asked: float | None, default: float) -> float:
    """The life of a message, at most a week; 1203 for one that is over before it began."""
    lifetime = default if asked is None else asked
    if not math.isfinite(lifetime) or lifetime <= 0:
        raise BrokerError(ResponseCode.EXPIRED, "message.expired_before")
    return min(lifetime, LONGEST_LIFETIME_S)
