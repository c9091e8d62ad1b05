"""ModemManager on a bus of its own, driven over D-Bus.

Its test session takes ports by `Test.SetProfile` over abstract sockets, so no tty and no udev are involved. The client
keeps one `Send` in flight for each modem and creates the next message meanwhile; it has no queue, no HTTP, no record.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from bench.contender import Contender
from bench.processes import wait_for

CLIENT = Path(__file__).with_name("modemmanager_client.py")
DEBIAN_PYTHON = "/usr/bin/python3"  # the one that has Debian's python3-jeepney


class ModemManager(Contender):
    name: ClassVar[str] = "ModemManager"
    packages: ClassVar[tuple[str, ...]] = ("modemmanager", "dbus", "python3-jeepney")
    sockets: ClassVar[bool] = True

    def start(self) -> None:
        bus = self.folder / "bus"
        self._env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}"}
        log = self.folder / "modemmanager.log"
        self._bus = self.children.spawn(["dbus-daemon", "--session", "--nofork", f"--address=unix:path={bus}"], log)
        wait_for(bus.exists, 10, "the bus starts")
        argv = ["ModemManager", "--test-session", "--test-enable", "--no-auto-scan", "--log-level=ERR"]
        self._daemon = self.children.spawn(argv, log, self._env)
        ports = [f"abstract:{port}" for port in self.simulator.ports]
        setup = self._client("setup", *ports)
        if setup.wait(120):
            raise RuntimeError(f"ModemManager did not take the modems: see {log}")
        self.children.stop(setup)
        self._single = self._client("single", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._load: subprocess.Popen[bytes] | None = None

    def roots(self) -> list[int]:
        return [self._daemon.pid, self._bus.pid]

    def stop(self) -> None:
        for process in (self._single, self._daemon, self._bus):
            self.children.stop(process)

    def send_one(self) -> None:
        if self._single.stdin and self._single.stdout:
            self._single.stdin.write(b"%d\n" % next(self.numbers))
            self._single.stdin.flush()
            self._single.stdout.readline()

    @contextlib.contextmanager
    def load(self) -> Iterator[None]:
        self._load = self._client("load")
        try:
            yield
        finally:
            self.children.stop(self._load)
            self._load = None

    def load_pids(self) -> list[int]:
        return [self._load.pid] if self._load else []

    def _client(self, *words: str, **options: int) -> subprocess.Popen[bytes]:
        return self.children.spawn([DEBIAN_PYTHON, CLIENT, *words], self.folder / "client.log", self._env, **options)
