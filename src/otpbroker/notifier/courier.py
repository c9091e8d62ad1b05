"""The threads that call: each takes what is due at the endpoint with the fewest calls in flight.

An endpoint that fails holds up nobody: it pauses, and is probed by one call. There is always one thread that waits for
the next time something is due, up to the limit.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from otpbroker.calling.line import Answer
from otpbroker.calling.target import Target
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.notifier.endpoint import Delivery, Endpoint, Failure
from otpbroker.notifier.schedule import Verdict, verdict
from otpbroker.secrets import Secret

_LOG: Final = logging.getLogger(__name__)
THREADS: Final = 16
MOST_WAITING: Final = 20_000

Post = Callable[[Target, Secret, str, bytes], Answer]


class Courier:
    """`endpoints` by name; whoever changes them or what they hold does so under `changed`, and notifies it."""

    def __init__(self, post: Post, threads: int = THREADS) -> None:
        self.changed = threading.Condition()
        self.endpoints: dict[str, Endpoint] = {}
        self._post = post
        self._limit = threads
        self._threads = 0
        self._idle = 0
        self._ending = False
        self._stopping = False

    def start(self) -> None:
        with self.changed:
            self._spawn()

    def stop(self, grace_s: float) -> None:
        """End when nothing is due any more, or after `grace_s`; what is in flight then is left to its fate."""
        with self.changed:
            self._ending = True
            self.changed.wait_for(self._is_done, grace_s)
            self._stopping = True
            self.changed.notify_all()

    def _is_done(self) -> bool:
        """But for those that fail: they are not waited for."""
        now_s = time.monotonic()
        return not any(endpoint.is_well and endpoint.is_busy(now_s) for endpoint in self.endpoints.values())

    def put(self, endpoint: Endpoint, delivery: Delivery) -> None:
        """Called under `changed`: one more to deliver; the longest queue loses its oldest where too many wait."""
        endpoint.put(delivery)
        if sum(map(len, self.endpoints.values())) > MOST_WAITING:
            max(self.endpoints.values(), key=len).drop_oldest(delivery.made_s)
        self.changed.notify()

    def _spawn(self) -> None:
        self._threads += 1
        threading.Thread(target=self._run, name=f"courier-{self._threads}", daemon=True).start()

    def _run(self) -> None:
        while (taken := self._next()) is not None:
            endpoint, delivery, target, secret = taken
            failure = self._attempt(delivery, target, secret)
            with self.changed:
                well_before = endpoint.is_well
                if failure is None:
                    endpoint.succeeded()
                else:
                    endpoint.failed(delivery, failure, time.monotonic())
                if self._ending:
                    self.changed.notify_all()
                turned = endpoint.is_well != well_before
            if turned:
                _LOG.warning("%s %s", endpoint.name, f"fails: {failure.error}" if failure else "is well again")

    def _next(self) -> tuple[Endpoint, Delivery, Target, Secret] | None:
        with self.changed:
            while not self._stopping:
                endpoint, wait_s = self._due(time.monotonic())
                if endpoint is not None:
                    delivery = endpoint.take()
                    self._let_another_look()
                    return endpoint, delivery, delivery.target or endpoint.target, endpoint.secret
                self._idle += 1
                self.changed.wait(wait_s)
                self._idle -= 1
        return None

    def _let_another_look(self) -> None:
        """There may be more that is due."""
        if self._idle:
            self.changed.notify()
        elif self._threads < self._limit:
            self._spawn()

    def _due(self, now_s: float) -> tuple[Endpoint | None, float | None]:
        """The endpoint to serve now, or how long there is none."""
        dues = [(due_s, endpoint) for endpoint in self.endpoints.values() if (due_s := endpoint.due_s()) is not None]
        ready = [(endpoint.in_flight, due_s, endpoint) for due_s, endpoint in dues if due_s <= now_s]
        if ready:
            return min(ready, key=lambda each: each[:2])[2], None
        return None, min((due_s for due_s, _ in dues), default=now_s) - now_s or None

    def _attempt(self, delivery: Delivery, target: Target, secret: Secret) -> Failure | None:
        try:
            answer = self._post(target, secret, delivery.id, delivery.body)
        except BrokerError as error:
            return Failure(Verdict.ENDPOINT_FAILED, error)
        found = verdict(answer.status)
        if found is Verdict.DELIVERED:
            return None
        return Failure(found, refusal(answer.status), answer.retry_after_s)


def refusal(status: int) -> BrokerError:
    key = "notifier.gone" if status == 410 else "notifier.status"
    return BrokerError(ResponseCode.FAILED, key, status=status)
