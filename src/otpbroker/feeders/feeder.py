"""One feeder: at most one session that takes messages, and older ones that only end what they have in hand."""

import threading
from typing import Final

from otpbroker.doors.commands import Commands
from otpbroker.feeders.board import Board
from otpbroker.feeders.held import Held
from otpbroker.feeders.intake import Intake, Poison, Policy
from otpbroker.feeders.session import Plan, Session
from otpbroker.system.timers import Timers
from otpbroker.system.workers import Workers
from otpbroker.verbs.feeders import Sendable

MOST_WORKERS: Final = 512
DRAIN_S: Final = 60.0


class Feeder:
    """`configure` and `demand` may be called by any thread, one after the other."""

    def __init__(self, commands: Commands, policy: Policy, board: Board, poison: Poison) -> None:
        self._board = board
        self._timers = Timers()
        self._workers = Workers(MOST_WORKERS)
        self._held = Held(self._workers, self._timers, board)
        self._intake = Intake(commands, policy, board, poison, self._held)
        self._sendable = Sendable()
        self._session: Session | None = None

    def configure(self, plan: Plan | None, policy: Policy) -> None:
        """Follow new settings at once; None: the feeder is switched off. What is in hand still gets its outcome."""
        self._intake.policy = policy
        if self._session is not None and self._session.plan == plan:
            return
        before, self._session = self._session, None
        if before is not None:
            before.stop_consuming()
        self._held.keep(plan is not None)
        if before is not None:
            threading.Thread(target=before.end, args=(DRAIN_S,), name="draining", daemon=True).start()
        if plan is None:
            self._board.server = ""
            self._board.stands("disabled")
            return
        self._session = Session(plan, self._intake, self._board, self._timers)
        self._session.start(self._sendable)

    def demand(self, sendable: Sendable) -> None:
        """What the modems can send from now on."""
        self._sendable = sendable
        self._board.tell_again()
        if self._session is not None:
            self._session.demand(sendable)
        if sendable.modems:
            self._held.modems_came()

    def stop(self) -> None:
        """End what is in hand, within a minute, and the link."""
        if self._session is not None:
            self._session.stop_consuming()
        self._board.stands("stopping")
        if self._session is not None:
            self._held.keep(False)
            self._session.end(DRAIN_S)
        self._workers.stop(1.0)
        self._timers.stop()
