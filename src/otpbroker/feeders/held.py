"""Commands that did not go and may go later: kept in hand, unsettled, until their time or a modem comes."""

import threading
from typing import Final
from weakref import WeakSet

from otpbroker.feeders.board import Board
from otpbroker.feeders.item import Item
from otpbroker.feeders.link import Link
from otpbroker.system.timers import Timers
from otpbroker.system.workers import Workers

_CROWDED_S: Final = 1.0
MOST_HELD: Final = 10_000  # of what no message broker bounds


class Held:
    """Starts what is due with `workers`. Used by any thread."""

    def __init__(self, workers: Workers, timers: Timers, board: Board) -> None:
        self._workers = workers
        self._board = board
        self._timers = timers
        self._lock = threading.Lock()
        self._items: set[Item] = set()
        self._gone: WeakSet[Link] = WeakSet()
        self._keeps = True

    def start(self, item: Item) -> None:
        """Do it now, or in a moment where too much is being done."""
        if not self._workers.put(item):
            self.hold(item, _CROWDED_S)

    def hold(self, item: Item, wait_s: float) -> None:
        """Try it again then; `let_go` where it is not kept."""
        with self._lock:
            kept = self._may_keep(item.taken.link)
            if kept:
                self._items.add(item)
                item.timer = self._timers.after(wait_s, lambda: self._resume([item]))
                self._changed([item])
        if not kept:
            item.let_go(item)

    def _may_keep(self, link: Link) -> bool:
        if link.gives_back:
            return link not in self._gone
        return self._keeps and len(self._items) < MOST_HELD

    def modems_came(self) -> None:
        """Whoever waits for a modem need not wait longer."""
        with self._lock:
            waiting = [item for item in self._items if item.no_modem]
        self._resume(waiting)

    def drop(self, link: Link) -> None:
        """The link ends and takes back what it brought: let go of that, also of what is still being tried."""
        with self._lock:
            self._gone.add(link)
            dropped = self._take([item for item in self._items if item.taken.link is link])
        for item in dropped:
            item.let_go(item)

    def keep(self, on: bool) -> None:
        """Whether what no message broker takes back is kept, from now on."""
        with self._lock:
            self._keeps = on
            dropped = [] if on else self._take([item for item in self._items if not item.taken.link.gives_back])
        for item in dropped:
            item.let_go(item)

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
