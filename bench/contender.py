"""What the bench asks of every system under test."""

import contextlib
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Protocol

from bench.processes import Children, tree
from bench.simulator import Simulator
from otpbroker.simulator.modem import Submitted

TEXT = "Kode OTP Anda 123456. Jangan berikan kepada siapa pun."
BACKLOG_A_MODEM = 20
FEED_PAUSE_S = 0.02


def numbers() -> Iterator[int]:
    """Distinct Indonesian numbers, so that no limit for a number is reached."""
    yield from range(6281200000000, 6281300000000)


class Arrivals(Protocol):
    """Where messages arrive, and when: `SimulatorControl`, or the end of a control that has no modems."""

    def set(self, modem: int | None = None, **knobs: object) -> None: ...

    def clear(self) -> None: ...

    def accepted(self) -> int: ...

    def submitted(self) -> list[Submitted]: ...


class Contender(ABC):
    """One system on the modems of one simulator. `packages` are Debian's. With `modems` it takes part only where there
    are so many; `slow` modems are a measure of it, and so is how it `recovers` from a modem's failure.
    """

    name: ClassVar[str]
    packages: ClassVar[tuple[str, ...]]
    sockets: ClassVar[bool] = False
    latency_samples: ClassVar[tuple[int, int]] = (200, 40)
    grows: ClassVar[bool] = True
    throughput_only: ClassVar[bool] = False
    modems: ClassVar[frozenset[int]] = frozenset()
    slow: ClassVar[bool] = True
    recovers: ClassVar[bool] = True

    def __init__(self, children: Children, folder: Path, simulator: Simulator) -> None:
        self.children = children
        self.folder = folder
        self.simulator = simulator
        self.numbers = numbers()

    @property
    def arrivals(self) -> Arrivals:
        return self.simulator.control

    @abstractmethod
    def start(self) -> None:
        """Returns when every modem can send."""

    @abstractmethod
    def roots(self) -> list[int]:
        """Its main processes; their children belong to it as well."""

    @abstractmethod
    def stop(self) -> None: ...

    @abstractmethod
    def send_one(self) -> None:
        """Hands one message over, as its users do."""

    @abstractmethod
    def load(self) -> contextlib.AbstractContextManager[None]:
        """Keeps every modem as busy as it can inside the context."""

    def load_pids(self) -> list[int]:
        """Processes of the load's generator while it runs, other than the bench itself."""
        return []

    def server_pids(self) -> list[int]:
        """Processes that it cannot do without and that are not its own."""
        return []

    def troubles(self) -> list[str]:
        """What went wrong in the last load: nothing in a good run."""
        return []

    def pids(self) -> list[int]:
        return tree(self.roots())


class SpoolContender(Contender):
    """A system that takes its messages from a folder for each modem; files appear there complete, by rename."""

    latency_samples: ClassVar[tuple[int, int]] = (20, 4)

    def spool(self, modem: int) -> Path:
        return self.folder / f"out{modem}"

    @abstractmethod
    def message(self, number: int) -> tuple[str, str]:
        """The file's name and content."""

    def send_one(self) -> None:
        self._put(0)

    @contextlib.contextmanager
    def load(self) -> Iterator[None]:
        done = threading.Event()
        feeder = threading.Thread(target=self._feed, args=(done,), name="feeder")
        feeder.start()
        try:
            yield
        finally:
            done.set()
            feeder.join()
            self._drain()

    def make_folders(self, *names: str) -> None:
        for name in ("temporary", *names):
            (self.folder / name).mkdir(parents=True)
        for modem in range(self.simulator.count):
            self.spool(modem).mkdir()

    def _feed(self, done: threading.Event) -> None:
        while not done.wait(FEED_PAUSE_S):
            for modem in range(self.simulator.count):
                for _ in range(BACKLOG_A_MODEM - len(os.listdir(self.spool(modem)))):  # noqa: PTH208 (twice as fast)
                    self._put(modem)

    def _put(self, modem: int) -> None:
        name, content = self.message(next(self.numbers))
        whole = self.folder / "temporary" / name
        whole.write_text(content, encoding="utf-8")
        whole.rename(self.spool(modem) / name)

    def _drain(self) -> None:
        for modem in range(self.simulator.count):
            for left in self.spool(modem).iterdir():
                left.unlink(missing_ok=True)
