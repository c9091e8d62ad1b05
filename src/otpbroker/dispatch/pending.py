"""Messages that wait for a busy modem: first come, first served inside each chosen set. Memory only."""

import itertools
from collections import OrderedDict

from otpbroker.dispatch.message import OutgoingMessage


class Pending:
    """Queues by chosen set of modems. Not safe between threads: the broker's lock holds it."""

    def __init__(self) -> None:
        self._queues: dict[tuple[str, ...], OrderedDict[OutgoingMessage, int]] = {}
        self._order = itertools.count()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, modems: tuple[str, ...], message: OutgoingMessage) -> None:
        self._queues.setdefault(modems, OrderedDict())[message] = next(self._order)
        self._length += 1

    def take(self, modem: str) -> OutgoingMessage | None:
        """The oldest message that this modem may send."""
        heads = [(next(iter(queue.values())), modems) for modems, queue in self._queues.items() if modem in modems]
        if not heads:
            return None
        _, modems = min(heads)
        message = next(iter(self._queues[modems]))
        self._remove(modems, message)
        return message

    def discard(self, message: OutgoingMessage) -> None:
        """Take one message out wherever it stands; most that end stand nowhere."""
        found = next((modems for modems, queue in self._queues.items() if message in queue), None)
        if found is not None:
            self._remove(found, message)

    def _remove(self, modems: tuple[str, ...], message: OutgoingMessage) -> None:
        queue = self._queues[modems]
        del queue[message]
        if not queue:
            del self._queues[modems]
        self._length -= 1

    def take_all(self) -> list[OutgoingMessage]:
        """Everybody, oldest first, to be placed anew: modems came, went or changed."""
        entries = sorted(((order, m) for queue in self._queues.values() for m, order in queue.items()), key=_order)
        self._queues.clear()
        self._length = 0
        return [message for _, message in entries]


def _order(entry: tuple[int, OutgoingMessage]) -> int:
    return entry[0]
