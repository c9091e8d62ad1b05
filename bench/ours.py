"""OTP Broker itself, through `scripts/run` and its REST door, as an integrator uses it.

It works with its defaults, but for the first modem, made no default so that all take part. It commits each intent to
disk, and it asks for delivery reports and takes one in for each message; the peers are set to do neither.
"""

import base64
import contextlib
import http.client
import json
import os
import queue
import re
import select
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from bench.contender import TEXT, Contender

PROJECT = Path(__file__).parent.parent
USER, PASSWORD = "bench", "bench-password-1"
READY_S = 60.0
LONGEST_LOAD_S = 3600
SUCCESS = "0000"


class Ours(Contender):
    name: ClassVar[str] = "OTP Broker"
    packages: ClassVar[tuple[str, ...]] = ("wrk",)
    env: ClassVar[Mapping[str, str]] = {}

    def start(self) -> None:
        self.port, admin = _free_port(), _free_port()
        argv: list[str | Path] = [
            PROJECT / "scripts/run",
            "--root",
            self.folder / "root",
            "--no-install",
            "--api-port",
            str(self.port),
        ]
        argv += ["--admin-port", str(admin), "--api-user", f"{USER}:{PASSWORD}"]
        for port in self.simulator.ports:
            argv += ["--modem", port]
        self._run = self.children.spawn(argv, self.folder / "run.log", self.env, stdout=subprocess.PIPE)
        self._wait_until_ready()
        # No default modem: messages without a route of their own go to all modems alike.
        self.otpb("modem", "set", "m0", "default_modem=false")
        self._wrk: subprocess.Popen[bytes] | None = None
        self._wrk_log = self.folder / "wrk.out"
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        self._warm_up()

    def roots(self) -> list[int]:
        return [self._run.pid]

    def stop(self) -> None:
        self._connection.close()
        self.children.stop(self._run)

    def send_one(self) -> None:
        if (code := self.post(self._connection, next(self.numbers))) != SUCCESS:
            raise RuntimeError(f"{self.name} answered {code}")

    def post(self, connection: http.client.HTTPConnection, number: int) -> str:
        """The reply's response code."""
        data = {"id": number, "msisdn": str(number), "message": TEXT}
        body = json.dumps({"command": "send-sms", "data": data})
        connection.request("POST", "/api/sms", body, {"Authorization": _basic(), "Content-Type": "application/json"})
        reply = json.loads(connection.getresponse().read())
        return str(reply["response_code"])

    def send_all(self, numbers: list[int], clients: int = 8) -> list[str]:
        """The response codes, when every message has its outcome."""
        waiting: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        for number in [*numbers, *[None] * clients]:
            waiting.put(number)
        codes: list[str] = []

        def client() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
            while (number := waiting.get()) is not None:
                codes.append(self.post(connection, number))
            connection.close()

        threads = [threading.Thread(target=client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return codes

    @property
    def connections(self) -> int:
        """Keep-alive clients of the load: two for each modem, so that the next message waits at its modem."""
        return max(8, 2 * self.simulator.count)

    @contextlib.contextmanager
    def load(self) -> Iterator[None]:
        self._wrk_log.unlink(missing_ok=True)
        env = {"BENCH_AUTHORIZATION": _basic(), "BENCH_TEXT": TEXT, "BENCH_FIRST": str(next(self.numbers))}
        script = Path(__file__).with_name("send.lua")
        argv: list[str | Path] = [
            "wrk",
            "-t2",
            f"-c{self.connections}",
            f"-d{LONGEST_LOAD_S}s",
            "--timeout",
            "90s",
            "-s",
            script,
        ]
        self._wrk = self.children.spawn([*argv, f"http://127.0.0.1:{self.port}/api/sms"], self._wrk_log, env)
        try:
            yield
        finally:
            self._wrk.send_signal(2)  # SIGINT makes wrk print its summary
            self._wrk.wait(120)
            self.children.stop(self._wrk)
            self._wrk = None
            for _ in range(200_000):  # numbers the load has used
                next(self.numbers)

    def load_pids(self) -> list[int]:
        return [self._wrk.pid] if self._wrk else []

    def troubles(self) -> list[str]:
        summary = self._wrk_log.read_text(encoding="utf-8")
        return re.findall(r"^(?:refused .*|.*Socket errors.*|.*Non-2xx.*)$", summary, re.MULTILINE)

    def _warm_up(self) -> None:
        """A first burst would be told to wait: the password is not known yet, nor has the API counted its modems."""
        self.send_one()
        time.sleep(1.1)  # what the API knows of dispatch is at most a second old
        self._connection.request("GET", "/readyz")
        self._connection.getresponse().read()

    def otpb(self, *words: str) -> bytes:
        """What the command says."""
        argv: list[str | Path] = [PROJECT / "scripts/otpb", "--root", self.folder / "root", *words]
        child = self.children.spawn(argv, self.folder / "otpb.log", stdout=subprocess.PIPE)
        said, _ = child.communicate(timeout=60)
        if child.returncode:
            raise RuntimeError(f"otpb refused: see {self.folder / 'otpb.log'}")
        return said

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        while self._run.stdout and time.monotonic() < deadline:
            if select.select([self._run.stdout], [], [], 0.5)[0]:
                line = os.read(self._run.stdout.fileno(), 4096)
                if b"ready " in line:
                    return
                if not line:
                    break
        raise RuntimeError(f"{self.name} does not get ready: see {self.folder / 'run.log'}")


class OursWithSlowFlush(Ours):
    """With 5 ms added to each flush of the state, about an SD card's."""

    name: ClassVar[str] = "OTP Broker, flush +5 ms"
    env: ClassVar[Mapping[str, str]] = {"OTPB_INJECT_FLUSH_S": "0.005"}
    grows: ClassVar[bool] = False


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
