"""Messages that wait for a busy modem: first come, first served inside each chosen set. Memory only."""

import itertools
from collections import deque

from otpbroker.dispatch.message import OutgoingMessage

_Entry = tuple[int, OutgoingMessage]


class Pending:
    """Queues by chosen set of modems. Not safe between threads: the broker's lock holds it."""

    def __init__(self) -> None:
        self._queues: dict[tuple[str, ...], deque[_Entry]] = {}
        self._order = itertools.count()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, modems: tuple[str, ...], message: OutgoingMessage) -> None:
        self._queues.setdefault(modems, deque()).append((next(self._order), message))
        self._length += 1

    def take(self, modem: str) -> OutgoingMessage | None:
        """The oldest message that this modem may send."""
        heads = [(queue[0][0], modems) for modems, queue in self._queues.items() if modem in modems]
        if not heads:
            return None
        _, modems = min(heads)
        queue = self._queues[modems]
        _, message = queue.popleft()
        if not queue:
            del self._queues[modems]
        self._length -= 1
        return message

    def discard(self, message: OutgoingMessage) -> bool:
        """Take one message out wherever it stands; False where it does not."""
        for modems, queue in self._queues.items():
            for entry in queue:
                if entry[1] is message:
                    queue.remove(entry)
                    self._length -= 1
                    if not queue:
                        del self._queues[modems]
                    return True
        return False

    def take_all(self) -> list[OutgoingMessage]:
        """Everybody, oldest first, to be placed anew: modems came, went or changed."""
        entries = sorted((entry for queue in self._queues.values() for entry in queue), key=lambda entry: entry[0])
        self._queues.clear()
        self._length = 0
        return [message for _, message in entries]
