"""What a feeder asks of dispatch beside messages."""

import threading
from collections.abc import Callable
from typing import Final

from otpbroker.clients.dispatch import DispatchClient
from otpbroker.errors import BrokerError
from otpbroker.verbs.feeders import AwaitSendable, BeginDelivery, EndDelivery, Sendable

_LONGEST_S: Final = 90.0  # dispatch answers each minute at the latest
_AGAIN_S: Final = 0.2


class SendableWatch:
    """Tells `changed` what can be sent, each time that this is news; nothing while dispatch is away."""

    def __init__(self, dispatch: DispatchClient, changed: Callable[[Sendable], None]) -> None:
        self._dispatch = dispatch
        self._changed = changed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sendable", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The question that waits for an answer dies with the process."""
        self._stopping.set()

    def _run(self) -> None:
        told: Sendable | None = None
        known: Sendable | None = None
        while not self._stopping.is_set():
            try:
                known = self._dispatch.call(AwaitSendable(known=known), _LONGEST_S)
            except BrokerError:
                known = None
                self._stopping.wait(_AGAIN_S)
            sendable = known or Sendable()
            if sendable != told and not self._stopping.is_set():
                told = sendable
                self._changed(sendable)


class DispatchPoison:
    """`otpbroker.feeders.intake.Poison` in dispatch's memory, which outlives this process."""

    def __init__(self, dispatch: DispatchClient, feeder: str) -> None:
        self._dispatch = dispatch
        self._feeder = feeder

    def begin(self, fingerprint: str) -> int:
        return self._dispatch.call(BeginDelivery(feeder=self._feeder, fingerprint=fingerprint)).before

    def end(self, fingerprint: str) -> None:
        self._dispatch.call(EndDelivery(feeder=self._feeder, fingerprint=fingerprint))
