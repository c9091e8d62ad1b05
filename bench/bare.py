"""A control: what the modems take from a client that does nothing but talk to them."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from bench.contender import Contender

CLIENT = Path(__file__).with_name("bare_client.py")


class Bare(Contender):
    name: ClassVar[str] = "bare AT client"
    packages: ClassVar[tuple[str, ...]] = ()
    throughput_only: ClassVar[bool] = True
    recovers: ClassVar[bool] = False

    def start(self) -> None:
        self._client: subprocess.Popen[bytes] | None = None

    def roots(self) -> list[int]:
        return [self._client.pid] if self._client else []

    def stop(self) -> None:
        pass

    def send_one(self) -> None:
        raise NotImplementedError

    @contextlib.contextmanager
    def load(self) -> Iterator[None]:
        argv: list[str | Path] = [sys.executable, CLIENT, *self.simulator.ports]
        self._client = self.children.spawn(argv, self.folder / "bare.log")
        try:
            yield
        finally:
            self.children.stop(self._client)
            self._client = None
