"""The stream of outcomes: the newest in memory, and who waits for the next. Held by the broker's lock."""

import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from otpbroker.dispatch.message import CODES, OutgoingMessage
from otpbroker.system.clock import wall_s
from otpbroker.system.timers import Timer, Timers
from otpbroker.verbs.dispatch import LedgerRow, Sent
from otpbroker.verbs.events import LONGEST_WAIT_S, MOST_EVENTS, AwaitOutcomes, OutcomeEvent, Outcomes

KEPT: Final = 10_000
_REMEMBERED: Final = 10_000
GATHER_S: Final = 0.1  # what happens within it is told at once: a thousand outcomes a second are ten answers

Answer = Callable[[Outcomes], None]


class Origin(Struct, frozen=True, gc=False):
    """What the sender said of a message that the ledger does not keep."""

    id: str
    reference: str
    callback: str


@dataclass(eq=False, slots=True)
class Follower:
    after: int
    answer: Answer
    timer: Timer | None = None


class Events:
    """`due` is called, without the lock, when followers are to be told. `life` names this process's stream."""

    def __init__(self, timers: Timers, due: Callable[[], None]) -> None:
        self.life = secrets.token_hex(8)
        self._timers = timers
        self._due = due
        self._count = 0
        self._kept: deque[OutcomeEvent] = deque(maxlen=KEPT)
        self._origins: OrderedDict[str, Origin] = OrderedDict()
        self._followers: list[Follower] = []
        self._gathering = False

    def ended(self, message: OutgoingMessage, sent: Sent, latency_ms: int) -> None:
        """A message got its outcome."""
        if sent.state == "submitted" and (message.sender_id or message.reference or message.callback):
            self._origins[message.id] = Origin(message.sender_id, message.reference, message.callback)
            if len(self._origins) > _REMEMBERED:
                self._origins.popitem(last=False)
        self._add(
            OutcomeEvent(
                sequence=self._count + 1,
                time=wall_s(),
                message_id=message.id,
                door=message.door,
                user=message.user,
                msisdn_masked=message.masked,
                state=sent.state,
                code=sent.code,
                key=sent.key,
                modem=sent.modem,
                parts=sent.parts,
                cost=sent.cost,
                resent=sent.resent,
                latency_ms=latency_ms,
                id=message.sender_id,
                reference=message.reference,
                callback=message.callback,
            )
        )

    def reported(self, row: LedgerRow) -> None:
        """The network told of a submitted message; nothing yet where parts of it are still on their way."""
        if row.state == "submitted":
            return
        origin = self._origins.pop(row.message_id, Origin("", "", ""))
        self._add(
            OutcomeEvent(
                sequence=self._count + 1,
                time=wall_s(),
                message_id=row.message_id,
                door=row.door,
                user=row.user,
                msisdn_masked=row.msisdn_masked,
                state=row.state,
                code=CODES[row.state],
                key=row.reason,
                modem=row.modem,
                parts=row.parts,
                cost=row.cost,
                resent=row.resent,
                latency_ms=row.latency_ms,
                id=origin.id,
                reference=origin.reference,
                callback=origin.callback,
            )
        )

    def _add(self, event: OutcomeEvent) -> None:
        self._count += 1
        self._kept.append(event)
        if self._followers and not self._gathering:
            self._gathering = True
            self._timers.at(time.monotonic() + GATHER_S, self._due)

    def add(self, call: AwaitOutcomes, answer: Answer) -> Callable[[], None] | None:
        """The answer to give at once, or None: it comes later."""
        if not call.life:
            return lambda: answer(Outcomes(life=self.life, last=self._count))
        after = call.after if call.life == self.life else 0
        if after < self._count:
            outcomes = self._outcomes(after)
            return lambda: answer(outcomes)
        follower = Follower(after, answer)
        follower.timer = self._timers.at(time.monotonic() + LONGEST_WAIT_S, self._due)
        self._followers.append(follower)
        return None

    def tell(self) -> list[Callable[[], None]]:
        """What to call now: every follower gets what there is for it, be it nothing."""
        self._gathering = False
        followers, self._followers = self._followers, []
        return [self._told(follower) for follower in followers]

    def _told(self, follower: Follower) -> Callable[[], None]:
        self._timers.cancel(follower.timer)
        outcomes = self._outcomes(follower.after)
        return lambda: follower.answer(outcomes)

    def _outcomes(self, after: int) -> Outcomes:
        oldest = self._count - len(self._kept)
        begin = max(after, oldest)
        end = max(begin, min(begin + MOST_EVENTS, self._count))
        events = tuple(self._kept[at - oldest] for at in range(begin, end))
        return Outcomes(life=self.life, last=end, lost=begin - after, events=events)
