"""A control: what RabbitMQ itself delivers to a consumer that does nothing, where our feeder would send SMS."""

import contextlib
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from bench import rabbitmq
from bench.application import Application
from bench.contender import Contender
from bench.processes import wait_for
from otpbroker.simulator.modem import Submitted

BACKLOG = 90_000


class Tally:
    """What bench.amqp_consumer noted, as if it were a modem."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._from = 0
        path.touch()

    def set(self, modem: int | None = None, **knobs: object) -> None:
        """It has no knobs."""

    def clear(self) -> None:
        self._from = self._path.stat().st_size

    def accepted(self) -> int:
        return (self._path.stat().st_size - self._from) // 8

    def submitted(self) -> list[Submitted]:
        noted = self._path.read_bytes()[self._from :]
        return [Submitted(0, 0, "", "", at_s) for (at_s,) in struct.iter_unpack("d", noted)]


class BareAmqp(Contender):
    """With the prefetch that our feeder has for so many modems, and a backlog published beforehand."""

    name: ClassVar[str] = "bare AMQP consumer"
    packages: ClassVar[tuple[str, ...]] = ("rabbitmq-server",)
    modems: ClassVar[frozenset[int]] = frozenset({1, 16})
    slow: ClassVar[bool] = False
    recovers: ClassVar[bool] = False
    grows: ClassVar[bool] = False

    def start(self) -> None:
        self._tally = Tally(self.folder / "tally")
        with contextlib.ExitStack() as stack:
            self._node = stack.enter_context(rabbitmq.launched(self.folder / "rabbitmq"))
            self._node.await_ready()
            self._application = Application(self._node.parameters())
            stack.callback(self._application.close)
            self._consume()
            self._stack = stack.pop_all()

    @property
    def arrivals(self) -> Tally:
        return self._tally

    def roots(self) -> list[int]:
        return [self._consumer.pid]

    def server_pids(self) -> list[int]:
        return [self._node.process.pid]

    def stop(self) -> None:
        self._stack.close()

    def send_one(self) -> None:
        self._application.publish(next(self.numbers))

    @contextlib.contextmanager
    def load(self) -> Iterator[None]:
        self.children.stop(self._consumer)
        self._application.publish_all(next(self.numbers) for _ in range(BACKLOG))
        self._consume()
        try:
            yield
        finally:
            self.children.stop(self._consumer)
            self._left = self._application.waiting()
            self._application.purge()
            self._consume()

    def troubles(self) -> list[str]:
        return [] if self._left else ["the backlog ran out"]

    def _consume(self) -> None:
        prefetch = str(2 * self.simulator.count)
        argv = [sys.executable, "-m", "bench.amqp_consumer", str(self._node.port), prefetch, str(self.folder / "tally")]
        self._consumer = self.children.spawn(argv, self.folder / "consumer.log")
        wait_for(lambda: self._application.consumers() == 1, 15, "the consumer consumes")
