"""The simulator as a process of its own, and what it saw."""

import collections
import sys
from pathlib import Path
from typing import Self

from bench.processes import Children, wait_for
from otpbroker.simulator.client import SimulatorControl
from otpbroker.simulator.modem import Submitted


class Simulator:
    """`count` modems in `folder`; ptys, or abstract sockets for who cannot use a pty."""

    def __init__(self, children: Children, folder: Path, count: int, *, sockets: bool = False) -> None:
        self.count = count
        self.links = folder / "modems"
        self._children = children
        argv = [sys.executable, "-m", "otpbroker.services.simulator", "--count", str(count), "--links", str(self.links)]
        self.process = children.spawn(argv + ["--sockets"] * sockets, folder / "simulator.log")
        socket = self.links / "control.sock"
        wait_for(socket.exists, 15, "the simulator starts")
        self.control = SimulatorControl(socket, timeout_s=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.control.close()
        self._children.stop(self.process)

    @property
    def ports(self) -> list[Path]:
        return [self.links / f"modem{index}" for index in range(self.count)]

    def wait_until_quiet(self, quiet_s: float = 0.7, timeout_s: float = 90.0) -> None:
        """What a stopped load had in flight may still arrive."""
        seen = [-1]

        def unchanged() -> bool:
            before, seen[0] = seen[0], self.control.accepted()
            return before == seen[0]

        wait_for(unchanged, timeout_s, "messages stop arriving", quiet_s)


def rate(submits: list[Submitted], window_s: float) -> float:
    """Messages per second, summed over the modems.

    Each modem's rate is taken between its first and last message, because counting alone is one message
    coarse, which is 2 % of one 200 ms modem in 10 s. A modem with few messages is counted over the window.
    """
    times = collections.defaultdict(list)
    for submit in submits:
        times[submit.modem].append(submit.at_s)
    return sum(
        (len(each) - 1) / (each[-1] - each[0]) if len(each) >= 10 and each[-1] > each[0] else len(each) / window_s
        for each in times.values()
    )
