"""OTP Broker through its RabbitMQ door: the bench starts a server, an application publishes, the feeder consumes."""

import contextlib
import json
import socket
import sys
import time
from collections.abc import Iterator
from typing import ClassVar

from bench import rabbitmq
from bench.application import QUEUE, Application
from bench.ours import SUCCESS, Ours
from bench.processes import wait_for

BACKLOG = 20_000
RETURN_S = 60.0


class OursAmqp(Ours):
    """A load is a backlog that was published before the feeder was switched on; nobody wants replies."""

    name: ClassVar[str] = "OTP Broker, RabbitMQ"
    packages: ClassVar[tuple[str, ...]] = ("rabbitmq-server",)
    modems: ClassVar[frozenset[int]] = frozenset({1, 4, 16})
    recovers: ClassVar[bool] = False  # its modems do as with any other door; its broker's death is measured instead
    grows: ClassVar[bool] = False

    def start(self) -> None:
        with contextlib.ExitStack() as stack:
            self._node = stack.enter_context(rabbitmq.launched(self.folder / "rabbitmq"))
            super().start()
            self._stack = stack.pop_all()

    def _warm_up(self) -> None:
        """The feeder is set up, and consumes."""
        self._node.await_ready()
        self._application = Application(self._node.parameters())
        server = {"host": "127.0.0.1", "port": self._node.port, "queue": QUEUE, "username": rabbitmq.ADMIN}
        self._set(**server, password=rabbitmq.PASSWORD, enabled="true")
        self._wait_for_consumer()

    def stop(self) -> None:
        self._application.close()
        super().stop()
        self._stack.close()

    def server_pids(self) -> list[int]:
        return [self._node.process.pid]

    def send_one(self) -> None:
        (code,) = self._application.ask([next(self.numbers)])
        if code != SUCCESS:
            raise RuntimeError(f"{self.name} answered {code}")

    def send_all(self, numbers: list[int], clients: int = 200) -> list[str]:
        return list(self._application.ask(numbers, clients))

    @contextlib.contextmanager
    def load(self) -> Iterator[None]:
        self._set(enabled="false")
        self._application.publish_all(next(self.numbers) for _ in range(BACKLOG))
        self._set(enabled="true")
        try:
            yield
        finally:
            self._set(enabled="false")
            self._left = self._application.waiting()
            self._application.purge()
            self._set(enabled="true")
            self._wait_for_consumer()

    def troubles(self) -> list[str]:
        """Of all loads so far."""
        feeders = json.loads(self.otpb("--json", "feeder", "status"))["feeders"]
        (feeder,) = (each for each in feeders if each["feeder"] == "amqp")
        found = [f"{count} × {code}" for code, count in feeder["answered"].items() if code != SUCCESS]
        found += [f"{feeder[what]} {what}" for what in ("retried", "dead", "replies_lost") if feeder.get(what)]
        return found if self._left else [*found, "the backlog ran out"]

    def reconnection(self) -> float:
        """Seconds from the server's port opening after its kill -9 until a modem has a message that waited."""
        arrivals = self.arrivals
        arrivals.set(latency_s=0.05)
        with self.load():
            self._application.close()
            self._node.kill()
            self._node.launch()
            opened_s = self._opened_s()
            wait_for(lambda: any(each.at_s > opened_s for each in arrivals.submitted()), RETURN_S, "messages go on")
            first_s = min(each.at_s for each in arrivals.submitted() if each.at_s > opened_s)
            self._node.await_ready()
            self._application = Application(self._node.parameters())
        arrivals.set(latency_s=0.0)
        return first_s - opened_s

    def _opened_s(self) -> float:
        """When the port opens, to 5 ms, on the monotonic clock."""
        while True:
            with socket.socket() as probe, contextlib.suppress(ConnectionRefusedError):
                probe.connect(("127.0.0.1", self._node.port))
                return time.monotonic()
            time.sleep(0.005)

    def _set(self, **values: object) -> None:
        self.otpb("settings", "set", "amqp", *(f"{key}={value}" for key, value in values.items()))

    def _wait_for_consumer(self) -> None:
        wait_for(lambda: self._application.consumers() == 1, 15, "the feeder consumes")


class OursAmqpSteady(OursAmqp):
    """The load is an application that publishes as modems send: 200 messages have no reply yet."""

    name: ClassVar[str] = "OTP Broker, RabbitMQ, replies"
    modems: ClassVar[frozenset[int]] = frozenset({16})
    grows: ClassVar[bool] = True

    @contextlib.contextmanager
    def load(self) -> Iterator[None]:
        first = next(self.numbers)
        argv = [sys.executable, "-m", "bench.amqp_sender", str(self._node.port), str(first)]
        sender = self.children.spawn(argv, self.folder / "sender.log")
        self._load_pids = [sender.pid]
        try:
            yield
        finally:
            self.children.stop(sender)
            for _ in range(200_000):  # numbers the load has used
                next(self.numbers)
            self._left = 1
            self.simulator.wait_until_quiet()

    def load_pids(self) -> list[int]:
        return self._load_pids
