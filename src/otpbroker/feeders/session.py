"""A link and its successors under one set of settings: made, served, made again when lost, ended."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from otpbroker.feeders.board import Board
from otpbroker.feeders.intake import Intake
from otpbroker.feeders.item import Taken
from otpbroker.feeders.link import Delivery, Link, LinkError
from otpbroker.system.timers import Timer, Timers
from otpbroker.verbs.feeders import FeederWord, Sendable

SOON_S: Final = 1.0  # until the next knock where nobody listens: a connection that is refused costs nothing
REFRESH_DRAIN_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How to make a link, and when anew: `delay_s` after a failure, `refresh_s` after each start (0: never). Plans of
    equal `settings` make equal links.
    """

    make: Callable[[], Link] = field(compare=False)
    settings: object
    delay_s: float
    refresh_s: float = 0.0


class Session:
    """Runs in a thread of its own from `start` to `end`. It is the `Receiver` of its links."""

    def __init__(self, plan: Plan, intake: Intake, board: Board, timers: Timers) -> None:
        self.plan = plan
        self._intake = intake
        self._board = board
        self._timers = timers
        self._changed = threading.Condition()
        self._in_hand: set[Taken] = set()
        self._link: Link | None = None
        self._sendable = Sendable()
        self._ending = False
        self._failing = False  # since the last connection: what is shown is why, not each new try
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    def start(self, sendable: Sendable) -> None:
        self._sendable = sendable
        self._thread.start()

    def demand(self, sendable: Sendable) -> None:
        with self._changed:
            self._sendable = sendable
            link = self._link
        if link is not None:
            link.demand(sendable)

    # -- what a link tells --------------------------------------------------------------------------------------

    def arrived(self, delivery: Delivery) -> None:
        with self._changed:
            link = self._link
            if link is None:
                return
            taken = Taken(delivery, link, self._ended)
            self._in_hand.add(taken)
            self._board.add_in_hand(1)
        self._intake.take(taken)

    def _ended(self, taken: Taken) -> None:
        with self._changed:
            self._no_longer({taken})

    def _no_longer(self, ended: set[Taken]) -> None:
        self._board.add_in_hand(-len(self._in_hand & ended))
        self._in_hand -= ended
        if not self._in_hand:
            self._changed.notify_all()

    def now(self, word: FeederWord, key: str = "", **params: str | int) -> None:
        if not self._ending:
            self._board.stands(word, key, params)

    def connected(self) -> None:
        self._failing = False
        self._board.count("connected")

    def reply_ended(self, *, sent: bool) -> None:
        self._board.count("replies" if sent else "replies_lost")

    # -- a link's life ------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ending:
            pause_s = self._once()
            with self._changed:
                self._changed.wait_for(lambda: self._ending, pause_s)

    def _once(self) -> float:
        """Make a link and serve until it ends; seconds until the next one."""
        link = self.plan.make()
        if not self._adopt(link):
            return 0.0
        refresh = self._refresh_later(link)
        try:
            link.run(self)
        except LinkError as error:
            self._failing = True
            self.now("failed", error.key, **error.params)
            return min(self.plan.delay_s, SOON_S) if error.soon else self.plan.delay_s
        finally:
            self._timers.cancel(refresh)
            self._part(link)
        return 0.0

    def _adopt(self, link: Link) -> bool:
        with self._changed:
            if self._ending:
                return False
            self._link = link
            link.demand(self._sendable)
        self._board.server = link.server
        if not self._failing:
            self._board.stands("connecting")
        return True

    def _part(self, link: Link) -> None:
        with self._changed:
            self._link = None
            if link.gives_back:
                self._no_longer({taken for taken in self._in_hand if taken.link is link})
        if link.gives_back:
            self._intake.drop(link)

    def _refresh_later(self, link: Link) -> Timer | None:
        if not self.plan.refresh_s:
            return None

        def retire() -> None:
            if not link.gives_back:
                link.close()  # what is sent to nobody meanwhile is lost: be there again soon
                return
            link.stop_consuming()
            threading.Thread(target=self._retire, args=(link, REFRESH_DRAIN_S), name="refresh", daemon=True).start()

        return self._timers.after(self.plan.refresh_s, retire)

    # -- its end ------------------------------------------------------------------------------------------------

    def stop_consuming(self) -> None:
        """Take nothing more from now on, and make no new link."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()
            link = self._link
        if link is not None:
            link.stop_consuming()

    def end(self, drain_s: float) -> None:
        """After `stop_consuming`: wait at most `drain_s` until what is in hand is settled, and close the link."""
        with self._changed:
            link = self._link
        self._retire(link, drain_s)
        self._thread.join()

    def _retire(self, link: Link | None, drain_s: float) -> None:
        if link is not None and link.gives_back:
            self._intake.drop(link)
        with self._changed:
            self._changed.wait_for(lambda: not self._in_hand, drain_s)
        if link is not None:
            link.close()
