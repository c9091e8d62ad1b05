"""Which message goes to which modem, and who waits: the free modems, what each was given. Held by the broker's lock."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from otpbroker.dispatch.fleet import Fleet
from otpbroker.dispatch.jobs import Errand
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.message import OutgoingMessage
from otpbroker.dispatch.pending import Pending
from otpbroker.dispatch.router import Rotation
from otpbroker.modem.contract import Job
from otpbroker.system.timers import Timers

RETURN_GRACE_S: Final = 10.0  # how long an accepted message waits for its only modem to come back


class Owners(Protocol):
    """The threads that own the modems, by modem id."""

    def wake(self, modem_id: str) -> None:
        """There is something to `take`."""

    def post(self, modem_id: str, job: Job) -> None:
        """Work for a modem that answers but cannot send now; abandoned where it does not answer."""


class Placement:
    """`abandoned` is called, without the lock, for a message whose modems have not come back in `return_grace_s`.

    `owners` is set by whoever made both; no modem is ready before.
    """

    owners: Owners

    def __init__(
        self,
        fleet: Fleet,
        ledger: Ledger,
        timers: Timers,
        abandoned: Callable[[OutgoingMessage], None],
        return_grace_s: float,
    ) -> None:
        self._fleet = fleet
        self._ledger = ledger
        self._timers = timers
        self._abandoned = abandoned
        self._return_grace_s = return_grace_s
        self._rotation = Rotation()
        self._pending = Pending()
        self._free: set[str] = set()
        self._slots: dict[str, OutgoingMessage] = {}
        self._errands: dict[str, deque[Errand]] = {}

    @property
    def waiting(self) -> int:
        return len(self._pending)

    def is_busy(self, modem_id: str) -> bool:
        """Whether a modem that could send has something to do."""
        return self._fleet.is_ready(modem_id) and modem_id not in self._free

    def chosen(self, message: OutgoingMessage) -> tuple[str, ...]:
        """The modems that may take it as things stand."""
        if not message.pinned:
            return self._fleet.choice_without(message.msisdn, message.excluded).modems
        ready = self._fleet.is_ready(message.pinned) and message.pinned not in message.excluded
        return (message.pinned,) if ready else ()

    def is_hopeless(self, message: OutgoingMessage) -> bool:
        """Whether no modem could take it even if none had failed it."""
        excluded, message.excluded = message.excluded, ()
        modems = self.chosen(message)
        message.excluded = excluded
        return not modems

    def place(self, message: OutgoingMessage) -> None:
        """Give the message to a free modem of its chosen set, or let it wait for one."""
        if message.final is not None:
            return
        modems = self.chosen(message)
        modem = self._rotation.pick(modems, self._free)
        if modem is not None:
            self._free.discard(modem)
            self._slots[modem] = message
            self._assign(message, modem)
            self.owners.wake(modem)
            return
        self._pending.add(modems, message)
        if modems:
            self.cancel_timer(message)
        elif message.timer is None:
            grace = time.monotonic() + self._return_grace_s
            message.timer = self._timers.at(grace, lambda: self._abandoned(message))

    def place_all(self) -> None:
        """Modems came, went or changed: everybody who waits is routed anew."""
        for message in self._pending.take_all():
            self.place(message)

    def place_later(self, message: OutgoingMessage, pause_s: float, again: Callable[[], None]) -> None:
        message.timer = self._timers.at(time.monotonic() + pause_s, again)

    def _assign(self, message: OutgoingMessage, modem: str) -> None:
        """From here on the ledger says that this modem may send it."""
        self.cancel_timer(message)
        message.modem = modem
        message.assigned_s = time.monotonic()
        message.price = self._fleet.price(modem, message.msisdn, len(message.segments))
        message.ticket = self._ledger.intend(message.row("sending"))

    def cancel_timer(self, message: OutgoingMessage) -> None:
        """A timer that has gone off already and waits for the lock finds `timer` gone and does nothing."""
        self._timers.cancel(message.timer)
        message.timer = None

    def take(self, modem_id: str) -> OutgoingMessage | Errand | None:
        """What a ready, free modem is to do next; None makes it known as free."""
        self._free.discard(modem_id)
        given = self._slots.pop(modem_id, None)
        if given is not None and given.final is None:
            return given
        errands = self._errands.get(modem_id)
        if errands:
            return errands.popleft()
        message = self._pending.take(modem_id)
        if message is not None:
            self._assign(message, modem_id)
        elif self._fleet.is_active(modem_id):
            self._free.add(modem_id)
        return message

    def post(self, modem_id: str, errand: Errand) -> None:
        """An administrator's command takes its turn before messages."""
        if not self._fleet.is_ready(modem_id):
            self.owners.post(modem_id, errand)
            return
        self._errands.setdefault(modem_id, deque()).append(errand)
        self._free.discard(modem_id)
        self.owners.wake(modem_id)

    def lose(self, modem_id: str) -> list[Errand]:
        """The modem can take nothing any more: its message goes elsewhere; the errands that nobody will run."""
        self._free.discard(modem_id)
        message = self._slots.pop(modem_id, None)
        if message is not None:
            self.place(message)
        return list(self._errands.pop(modem_id, ()))

    def lose_inactive(self) -> list[Errand]:
        """As `lose`, for every modem that the settings have switched off or dropped."""
        held = self._free | self._slots.keys() | self._errands.keys()
        return [errand for modem in held if not self._fleet.is_active(modem) for errand in self.lose(modem)]

    def forget(self, message: OutgoingMessage) -> None:
        """It has ended."""
        self._pending.discard(message)
        self.cancel_timer(message)
