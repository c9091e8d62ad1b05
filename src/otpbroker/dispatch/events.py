"""What is told of messages: their outcomes, and later what the network said. Held by the broker's lock."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from otpbroker.dispatch.message import CODES, OutgoingMessage
from otpbroker.outcomes.stream import Stream
from otpbroker.system.clock import wall_s
from otpbroker.system.timers import Timers
from otpbroker.verbs.dispatch import LedgerRow, Sent
from otpbroker.verbs.events import SmsOutcome

_REMEMBERED: Final = 10_000


class Origin(Struct, frozen=True, gc=False):
    """What the sender said of a message that the ledger does not keep."""

    id: str
    reference: str
    callback: str


class Events(Stream):
    """The stream of what happened to SMS."""

    def __init__(self, timers: Timers, due: Callable[[], None]) -> None:
        super().__init__(timers, due)
        self._origins: OrderedDict[str, Origin] = OrderedDict()

    def ended(self, message: OutgoingMessage, sent: Sent, latency_ms: int) -> None:
        """A message got its outcome."""
        if sent.state == "submitted" and (message.sender_id or message.reference or message.callback):
            self._origins[message.id] = Origin(message.sender_id, message.reference, message.callback)
            if len(self._origins) > _REMEMBERED:
                self._origins.popitem(last=False)
        self.put(
            SmsOutcome(
                sequence=self.next,
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
        self.put(
            SmsOutcome(
                sequence=self.next,
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
