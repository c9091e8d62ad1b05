"""otpb-feeder@DOOR: one door where this device is the client of a message broker."""

import sys
from collections.abc import Sequence
from typing import Final, Literal

from otpbroker.clients.dispatch import DispatchClient
from otpbroker.clients.mail import MailClient
from otpbroker.config.store import Store
from otpbroker.doors.commands import Commands
from otpbroker.feeders.board import Board
from otpbroker.feeders.feeder import Feeder
from otpbroker.services.feeder.plans import PLANS
from otpbroker.services.feeder.watching import DispatchPoison, SendableWatch
from otpbroker.system import options, service
from otpbroker.system.files import Paths
from otpbroker.system.synchrony import unix_time_if_synchronised
from otpbroker.verbs.feeders import TellFeeder

DEADLINE_S: Final = 1500.0  # RabbitMQ takes a message back from whoever has not settled it in half an hour
Broker = Literal["amqp", "websocket"]


class Options(options.Options, frozen=True):
    door: Broker


class FeederService:
    """The running service."""

    def __init__(self, paths: Paths, door: Broker) -> None:
        self._store = Store(paths)
        self._plan = PLANS[door]
        dispatch = DispatchClient(paths.socket("dispatch"))
        mail = MailClient(paths.socket("mail"))
        commands = Commands(door, dispatch, mail, unix_time_if_synchronised, DEADLINE_S)
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
    given = options.read(Options, argv)
    return service.run(f"feeder-{given.door}", lambda: FeederService(given.paths, given.door))


if __name__ == "__main__":
    sys.exit(main())
