"""Commands that did not go and may go later: kept in hand, unsettled, until their time or a modem comes."""

import threading
from typing import Final

from otpbroker.feeders.board import Board
from otpbroker.feeders.item import Item
from otpbroker.feeders.link import Link
from otpbroker.system.timers import Timers
from otpbroker.system.workers import Workers

_CROWDED_S: Final = 1.0


class Held:
    """Starts what is due with `workers`. Used by any thread."""

    def __init__(self, workers: Workers, timers: Timers, board: Board) -> None:
        self._workers = workers
        self._board = board
        self._timers = timers
        self._lock = threading.Lock()
        self._items: set[Item] = set()

    def start(self, item: Item) -> None:
        """Do it now, or in a moment where too much is being done."""
        if not self._workers.put(item):
            self.hold(item, _CROWDED_S)

    def hold(self, item: Item, wait_s: float) -> None:
        with self._lock:
            self._items.add(item)
            item.timer = self._timers.after(wait_s, lambda: self._resume([item]))
            self._changed([item])

    def modems_came(self) -> None:
        """Whoever waits for a modem need not wait longer."""
        with self._lock:
            waiting = [item for item in self._items if item.no_modem]
        self._resume(waiting)

    def drop(self, link: Link) -> list[Item]:
        """The link ends: those that it brought are nobody's any more."""
        with self._lock:
            return self._take([item for item in self._items if item.taken.link is link])

    def _resume(self, items: list[Item]) -> None:
        with self._lock:
            due = self._take(items)
        for item in due:
            self.start(item)

    def _take(self, items: list[Item]) -> list[Item]:
        """Those of `items` that are still held, taken out."""
        taken = [item for item in items if item in self._items]
        for item in taken:
            self._items.discard(item)
            self._timers.cancel(item.timer)
        self._changed(taken)
        return taken

    def _changed(self, items: list[Item]) -> None:
        self._board.held = len(self._items)
        for link in {item.taken.link for item in items}:
            link.holding(sum(item.taken.link is link for item in self._items))
