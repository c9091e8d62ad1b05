"""The newest messages, in memory: who sent what which way and how it ended. Masked, never a text."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from otpbroker.verbs.dispatch import LedgerRow
from otpbroker.verbs.events import Event, SmsOutcome

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """`carrier` is the modem or the e-mail account that took it. `at` is Unix seconds."""

    message_id: str
    channel: Literal["sms", "email"]
    at: float
    door: str
    user: str
    recipient: str
    carrier: str
    state: str
    reason: str
    parts: int = 0
    cost: str = ""
    latency_ms: int | None = None


class Feed:
    """`wanted` says whether messages may be shown at all (`sms.monitor_sms`); while they may not, none is kept."""

    def __init__(self, wanted: Callable[[], bool]) -> None:
        self._wanted = wanted
        self._changed = threading.Condition()
        self._rows: OrderedDict[str, Row] = OrderedDict()  # the newest last
        self.version = 0
        self._closed = False

    def take(self, events: Iterable[Event]) -> None:
        """A later word on a message that is known changes it where it stands."""
        self._put((_told(event) for event in events), newer=True)

    def recall(self, rows: Iterable[LedgerRow]) -> None:
        """What the ledger knows from before, the newest first; what was told meanwhile stays."""
        self._put((_remembered(row) for row in rows), newer=False)

    def _put(self, rows: Iterable[Row], *, newer: bool) -> None:
        with self._changed:
            if not self._wanted():
                self._rows.clear()
                return
            for row in rows:
                known = row.message_id in self._rows
                if newer or not known:
                    self._rows[row.message_id] = row
                if not known and not newer:
                    self._rows.move_to_end(row.message_id, last=False)
            while len(self._rows) > MOST:
                self._rows.popitem(last=False)
            self.version += 1
            self._changed.notify_all()

    def newest(self, most: int) -> list[Row]:
        with self._changed:
            return list(islice(reversed(self._rows.values()), most)) if self._wanted() else []

    def wait(self, known: int, timeout_s: float) -> None:
        """Until there is more than at version `known`, the feed is closed, or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != known or self._closed, timeout_s)

    def close(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _told(event: Event) -> Row:
    common = (event.time, event.door, event.user)
    if isinstance(event, SmsOutcome):
        return Row(
            event.message_id,
            "sms",
            *common,
            event.msisdn_masked,
            event.modem,
            event.state,
            event.key,
            event.parts,
            event.cost,
            event.latency_ms,
        )
    return Row(event.message_id, "email", *common, event.recipient_masked, event.account, event.state, event.key)


def _remembered(row: LedgerRow) -> Row:
    return Row(
        row.message_id,
        "sms",
        row.accepted_at,
        row.door,
        row.user,
        row.msisdn_masked,
        row.modem,
        row.state,
        row.reason,
        row.parts,
        row.cost,
        row.latency_ms,
    )
