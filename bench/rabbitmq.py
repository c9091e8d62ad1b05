"""A real RabbitMQ, for the bench and for tests: own ports, node name, cookie and data, nothing outside its folder."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

import pika
from pika.adapters.blocking_connection import BlockingChannel

from bench.processes import wait_for

BIN: Final = Path("/usr/lib/rabbitmq/bin")
READY_S: Final = 60
ADMIN, PASSWORD = "root", "a password for tests"
_CONFIG: Final = f"""\
listeners.tcp.1 = 127.0.0.1:{{port}}
default_user = {ADMIN}
default_pass = {PASSWORD}
loopback_users = none
disk_free_limit.absolute = 1MB
"""


def low_port() -> int:
    """A free port below those that outgoing connections take, so that it is still free after a restart."""
    while True:
        port = 10000 + secrets.randbelow(22000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _spawn(argv: Sequence[str | Path], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A program that the kernel ends with the thread that started it."""
    return subprocess.Popen(
        ["/usr/bin/setpriv", "--pdeathsig", "KILL", *map(str, argv)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def port_mapper() -> Iterator[int]:
    """The port of an epmd of our own, by which nodes find each other."""
    port = low_port()
    epmd = _spawn(["epmd", "-port", str(port), "-address", "127.0.0.1"], {"PATH": os.environ["PATH"]})
    try:
        yield port
    finally:
        epmd.kill()
        epmd.wait()


@contextlib.contextmanager
def launched(folder: Path) -> "Iterator[Node]":
    """One broker that starts: it takes about five seconds until `await_ready` returns."""
    with port_mapper() as port, Node(folder, port) as node:
        node.launch()
        yield node


def parameters(port: int, vhost: str = "/", user: str = ADMIN, password: str = PASSWORD) -> pika.ConnectionParameters:
    credentials = pika.PlainCredentials(user, password)
    return pika.ConnectionParameters("127.0.0.1", port, vhost, credentials, heartbeat=0)


class Node:
    """Node `at`, which listens on `port` of 127.0.0.1. What it writes is below `folder`, messages below `data`.
    `more` is added to its configuration.

    Start it from the main thread: it ends with the thread that started it.
    """

    def __init__(self, folder: Path, epmd_port: int, at: int = 0, more: str = "", plugins: Sequence[str] = ()) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.data = folder, folder / "data"
        self.name = f"otpb{at}@localhost"
        self.port = low_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(f"\0otpb-{secrets.token_hex(8)}")
        self._environment = self._variables(epmd_port)
        (folder / "rabbitmq.conf").write_text(_CONFIG.format(port=self.port) + more, encoding="utf-8")
        (folder / "plugins").write_text(f"[{','.join(plugins)}].\n", encoding="utf-8")
        cookie = folder / ".erlang.cookie"
        cookie.write_text("THECOOKIEOFTESTS", encoding="utf-8")
        cookie.chmod(0o400)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _variables(self, epmd_port: int) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.folder),
            "NOTIFY_SOCKET": "@" + self._manager.getsockname()[1:].decode(),
            "ERL_EPMD_PORT": str(epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_NODENAME": self.name,
            "RABBITMQ_DIST_PORT": str(low_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.data),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
        }

    # Life and death

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The server itself, once launched."""
        if self._process is None:
            raise RuntimeError("RabbitMQ was not started")
        return self._process

    def launch(self) -> None:
        """Start it; `await_ready` says when it is there."""
        self._process = _spawn([BIN / "rabbitmq-server"], self._environment)

    def await_ready(self, timeout_s: float = READY_S) -> None:
        self._manager.settimeout(timeout_s)
        try:
            while b"READY=1" not in self._manager.recv(4096):
                pass
        except TimeoutError:
            raise TimeoutError(f"RabbitMQ does not get ready: {self.log()[-4000:]}") from None

    def start(self) -> Self:
        """Takes about five seconds; a restart with the same data as long."""
        self.launch()
        self.await_ready()
        return self

    def stop(self) -> None:
        """In good order, in about six seconds."""
        self.process.terminate()
        self.process.wait(READY_S)

    def kill(self) -> None:
        """With SIGKILL, as soon as it would remember what queues it has."""
        wait_for(self._queues_written, 10, "RabbitMQ writes its register of queues", 0.01)
        self.process.kill()
        self.process.wait()

    def _queues_written(self) -> bool:
        """A quorum queue is in the broker's register of them about a second after its declaration; before, 3.10.8 would
        forget it. The register says by itself whether it was written whole (the flag in the head of a DETS file).
        """
        return all(path.read_bytes()[8:12] == b"\0\0\0\1" for path in self.data.glob("*/quorum/*/names.dets"))

    def freeze(self) -> None:
        """Connections stay open and nothing answers, until `thaw`."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._manager.close()

    def log(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted((self.folder / "log").glob("*.log")))

    # Clients

    def parameters(self, vhost: str = "/", user: str = ADMIN, password: str = PASSWORD) -> pika.ConnectionParameters:
        return parameters(self.port, vhost, user, password)

    @contextlib.contextmanager
    def channel(
        self, vhost: str = "/", user: str = ADMIN, password: str = PASSWORD, *, confirm: bool = True
    ) -> Iterator[BlockingChannel]:
        """A channel of a blocking connection of its own; what is published on it is there when the call returns."""
        connection = pika.BlockingConnection(self.parameters(vhost, user, password))
        try:
            channel = connection.channel()
            if confirm:
                channel.confirm_delivery()
            yield channel
        finally:
            if connection.is_open:
                connection.close()

    def waiting(self, queue: str, vhost: str = "/") -> int:
        """How many messages wait in a queue."""
        with self.channel(vhost) as channel:
            return int(channel.queue_declare(queue, passive=True).method.message_count)
