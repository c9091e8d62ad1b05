"""otpb-feeder@DOOR: one door where this device is the client of a message broker."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from otpbroker.clients.dispatch import DispatchClient
from otpbroker.clients.mail import MailClient
from otpbroker.config.store import Store
from otpbroker.doors.commands import Commands
from otpbroker.feeders.board import Board
from otpbroker.feeders.feeder import Feeder
from otpbroker.services.feeder.plans import PLANS
from otpbroker.services.feeder.watching import DispatchPoison, SendableWatch
from otpbroker.system import clock, service
from otpbroker.system.files import Paths
from otpbroker.verbs.dispatch import Door
from otpbroker.verbs.feeders import TellFeeder

DEADLINE_S: Final = 1500.0  # RabbitMQ takes a message back from whoever has not settled it in half an hour


class FeederService:
    """The running service."""

    def __init__(self, paths: Paths, door: str) -> None:
        self._store = Store(paths)
        self._plan = PLANS[door]
        dispatch = DispatchClient(paths.socket("dispatch"))
        mail = MailClient(paths.socket("mail"))
        commands = Commands(cast(Door, door), dispatch, mail, clock.unix_time_if_synchronised, DEADLINE_S)
        plan, policy = self._plan(self._store)
        self._board = Board(door, lambda state: dispatch.call(TellFeeder(state=state), 2))
        self._feeder = Feeder(commands, policy, self._board, DispatchPoison(dispatch, door))
        self._feeder.configure(plan, policy)
        self._watch = SendableWatch(dispatch, self._feeder.demand)
        self._watch.start()

    def reload(self) -> None:
        plan, policy = self._plan(self._store)
        self._feeder.configure(plan, policy)
        self._board.tell_now()

    def stop(self) -> None:
        self._watch.stop()
        self._feeder.stop()
        self._board.stop()


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of otpb-feeder; the exit status."""
    parser = argparse.ArgumentParser(prog="otpb-feeder", description="A door to a message broker.")
    parser.add_argument("--root", type=Path, default=Path("/"), help="root prefix of settings, run and state folders")
    parser.add_argument("--door", required=True, choices=sorted(PLANS), help="which message broker")
    options = parser.parse_args(argv)
    return service.run(f"feeder-{options.door}", lambda: FeederService(Paths(options.root), options.door))


if __name__ == "__main__":
    sys.exit(main())
