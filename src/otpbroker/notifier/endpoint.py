"""One server that is called: what waits for it, when it may be tried, how it fared. Held by the courier's lock.

All times ending in `_s` are monotonic.
"""

import heapq
import itertools
from typing import Final, Literal

from msgspec import Struct

from otpbroker.calling.target import Target
from otpbroker.errors import BrokerError
from otpbroker.notifier.schedule import GIVE_UP_S, Pauses, Verdict, pause_s
from otpbroker.secrets import Secret
from otpbroker.system.clock import wall_s
from otpbroker.verbs.notifier import EndpointState, EndpointWord

IN_FLIGHT: Final = 4  # calls at once to an endpoint that is well; one that fails is probed by one
MOST_WAITING: Final = 10_000
_FEW: Final = 100


class Delivery(Struct, eq=False):
    """One call that is due. `target` None is the endpoint's own, whatever it is by then. `failures` are its own, not
    those of its endpoint; `number` is its place in the order of all calls to that.
    """

    id: str
    body: bytes
    made_s: float
    target: Target | None = None
    failures: int = 0
    number: int = 0


class Failure(Struct, frozen=True):
    verdict: Verdict
    error: BrokerError
    retry_after_s: float | None = None


class Endpoint:
    def __init__(self, name: str, kind: Literal["webhook", "callback"], pauses: Pauses) -> None:
        self.name = name
        self.target = Target(True, "", 443, "/")
        self.secret = Secret()
        self.gone = False
        self.in_flight = 0
        self.dropped = 0
        self.lost_s: float | None = None
        self.failures = 0
        self.kind: Literal["webhook", "callback"] = kind
        self._pauses = pauses
        self._not_before_s = 0.0
        self._order = itertools.count()
        self._due: list[tuple[float, int]] = []
        self._waiting: dict[int, Delivery] = {}
        self._delivered = 0
        self._failed = 0
        self._last: tuple[BrokerError, float] | None = None

    def __len__(self) -> int:
        """How many calls it still owes."""
        return len(self._waiting) + self.in_flight

    @property
    def is_well(self) -> bool:
        return not (self.gone or self.failures)

    def is_busy(self, now_s: float) -> bool:
        """Whether a call is in flight, or due."""
        due_s = self.due_s()
        return self.in_flight > 0 or (due_s is not None and due_s <= now_s)

    def put(self, delivery: Delivery) -> None:
        """A new call, due at once; the oldest is dropped where too many wait, and all where the endpoint is gone."""
        if self.gone:
            return
        delivery.number = next(self._order)
        self._queue(delivery, delivery.made_s)
        if len(self._waiting) > MOST_WAITING:
            self.drop_oldest(delivery.made_s)

    def _queue(self, delivery: Delivery, due_s: float) -> None:
        self._waiting[delivery.number] = delivery
        heapq.heappush(self._due, (due_s, delivery.number))

    def drop_oldest(self, now_s: float) -> None:
        """The one that has waited longest; it stays in `_due`, where `_first` passes over it, until they are many."""
        if self._waiting:
            del self._waiting[next(iter(self._waiting))]
            self._lose(1, now_s)
        if len(self._due) > 2 * len(self._waiting) + _FEW:
            self._due = [entry for entry in self._due if entry[1] in self._waiting]
            heapq.heapify(self._due)

    def _lose(self, count: int, now_s: float) -> None:
        self.dropped += count
        self.lost_s = now_s if count else self.lost_s

    def due_s(self) -> float | None:
        """When something may be tried; None: not before something else happens."""
        first = self._first()
        if first is None or self.in_flight >= (1 if self.failures else IN_FLIGHT):
            return None
        return max(first[0], self._not_before_s)

    def _first(self) -> tuple[float, int] | None:
        while self._due and self._due[0][1] not in self._waiting:
            heapq.heappop(self._due)
        return self._due[0] if self._due else None

    def take(self) -> Delivery:
        """What is due first, where there is something; give it back by `succeeded` or `failed`."""
        self._first()
        self.in_flight += 1
        return self._waiting.pop(heapq.heappop(self._due)[1])

    def succeeded(self) -> None:
        self.in_flight -= 1
        self.failures = 0
        self._delivered += 1

    def failed(self, delivery: Delivery, failure: Failure, now_s: float) -> None:
        """It is tried again later, if the endpoint may still want it and it is not too old by then."""
        self.in_flight -= 1
        self._failed += 1
        self._last = failure.error, wall_s()
        if failure.verdict is Verdict.GONE:
            self._be_gone(now_s)
            return
        if failure.verdict is Verdict.ENDPOINT_FAILED:
            self._pause(failure.retry_after_s, now_s)
            due_s = delivery.made_s
        else:
            self.failures = 0
            delivery.failures += 1
            due_s = now_s + pause_s(self._pauses.message_s, delivery.failures, failure.retry_after_s)
        if max(due_s, self._not_before_s) - delivery.made_s > GIVE_UP_S:
            self._lose(1, now_s)
        elif not self.gone:
            self._queue(delivery, due_s)

    def _pause(self, retry_after_s: float | None, now_s: float) -> None:
        """Calls that were in flight together fail together, and count as one failure."""
        if now_s < self._not_before_s:
            return
        self.failures += 1
        self._not_before_s = now_s + pause_s(self._pauses.endpoint_s, self.failures, retry_after_s)

    def _be_gone(self, now_s: float) -> None:
        """A webhook is left alone from now on; a callback was of one message, and only that one is given up."""
        self._lose(1, now_s)
        if self.kind == "webhook":
            self.gone = True
            self._lose(len(self._waiting), now_s)
            self._waiting.clear()
            self._due.clear()

    def state(self) -> EndpointState:
        error, at = self._last or (None, None)
        return EndpointState(
            name=self.name,
            kind=self.kind,
            address=self.target.origin + (self.target.path if self.kind == "webhook" else ""),
            state=self._word(),
            waiting=len(self),
            delivered=self._delivered,
            failed=self._failed,
            dropped=self.dropped,
            last_error=error.key if error else "",
            last_error_params=error.params if error else {},
            last_error_at=at,
        )

    def _word(self) -> EndpointWord:
        if self.gone:
            return "gone"
        if self.failures:
            return "failing"
        return "delivering" if len(self) else "idle"
