"""Which measurements in which order: rounds, in each round every contender once, so that all meet the same machine."""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pika.exceptions import AMQPError

from bench import hotspots, measures
from bench.contender import Contender
from bench.ours import Ours, OursWithSlowFlush
from bench.ours_amqp import OursAmqp, OursAmqpSteady
from bench.processes import Children
from bench.simulator import Simulator

SLOW_S = 0.2
RECOVERY_MODEMS = 2
IDLE_MODEMS = 16
Kind = TypeVar("Kind", bound=Contender)
FAILURES = (OSError, RuntimeError, TimeoutError, AMQPError)  # of a system or its start; others are faults of the bench


@dataclass(frozen=True)
class Size:
    modems: tuple[int, ...]
    rounds: int
    fast_window_s: float
    slow_window_s: float
    idle_window_s: float
    grow_to: int
    exact: int
    broker_deaths: int
    quick: bool = False


FULL = Size((1, 4, 16, 64), 3, 5.0, 10.0, 10.0, 20_000, 1000, 5)
QUICK = Size((1, 16), 1, 2.5, 2.5, 3.0, 4_000, 200, 1, quick=True)


@dataclass
class Results:
    """By contender's name; throughput by (modems, latency in ms) with one entry for each round."""

    throughput: dict[str, dict[tuple[int, int], list[measures.Throughput]]] = field(default_factory=dict)
    latency: dict[str, measures.Latency] = field(default_factory=dict)
    idle: dict[str, measures.Idle] = field(default_factory=dict)
    growth: dict[str, measures.Growth] = field(default_factory=dict)
    recovery: dict[str, measures.Recovery] = field(default_factory=dict)
    reconnection_s: dict[str, list[float]] = field(default_factory=dict)
    flush_ms: dict[str, float] = field(default_factory=dict)
    exactness: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


class Bench:
    def __init__(self, children: Children, size: Size, contenders: list[type[Contender]]) -> None:
        self._children = children
        self._size = size
        self._contenders = contenders
        self.results = Results()

    def run(self) -> Results:
        self.results.flush_ms = flush_times()
        for modems in self._size.modems:
            for round_number in range(self._size.rounds):
                for kind in self._contenders:
                    if self._takes_part(kind, modems):
                        say(f"{modems} modems, round {round_number + 1}: {kind.name}")
                        self._guarded(kind, modems, first=round_number == 0)
        for kind in self._contenders:
            if kind.recovers and (kind is Ours or not self._size.quick):
                say(f"recovery: {kind.name}")
                with self._failures_noted(kind), self._started(kind, RECOVERY_MODEMS) as contender:
                    self.results.recovery[kind.name] = measures.recovery(contender)
        if OursAmqp in self._contenders:
            self._broker_dies()
        if Ours in self._contenders:
            self._with_slow_flush()
        return self.results

    def _takes_part(self, kind: type[Contender], modems: int) -> bool:
        return (not kind.modems or modems in kind.modems) and not (self._size.quick and kind is OursAmqpSteady)

    def profile(self) -> None:
        for kind in self._contenders:
            if issubclass(kind, Ours):
                say(kind.name)
                with self._started(kind, IDLE_MODEMS) as contender:
                    for line in hotspots.profile(self._children, contender):
                        print(line)

    def _guarded(self, kind: type[Contender], modems: int, *, first: bool) -> None:
        with self._failures_noted(kind), self._started(kind, modems) as contender:
            first = first and not kind.throughput_only
            if first and modems == IDLE_MODEMS:
                time.sleep(2)
                self.results.idle[kind.name] = measures.idle(contender, self._size.idle_window_s)
            if first and modems == 1:
                self._latency(contender)
            self._throughput(contender, modems)
            if first and modems == IDLE_MODEMS:
                self._endurance(contender)

    def _latency(self, contender: Contender) -> None:
        samples = contender.latency_samples[self._size.quick]
        self.results.latency[contender.name] = measures.latency(contender, samples)

    def _throughput(self, contender: Contender, modems: int) -> None:
        size = self._size
        for latency_s, window_s in ((0.0, size.fast_window_s), (SLOW_S, size.slow_window_s)):
            if latency_s and not contender.slow:
                continue
            one = measures.throughput(contender, latency_s, window_s)
            key = (modems, round(latency_s * 1000))
            self.results.throughput.setdefault(contender.name, {}).setdefault(key, []).append(one)

    def _endurance(self, contender: Contender) -> None:
        if isinstance(contender, Ours):
            wrong = measures.exactness(contender, self._size.exact)
            self.results.exactness |= {contender.name: wrong} if wrong else {}
        if contender.grows and (isinstance(contender, Ours) or not self._size.quick):
            self.results.growth[contender.name] = measures.growth(contender, self._size.grow_to, 120)

    def _broker_dies(self) -> None:
        kind = OursAmqp
        with self._failures_noted(kind), self._started(kind, RECOVERY_MODEMS) as contender:
            for number in range(self._size.broker_deaths):
                say(f"death {number + 1} of the broker: {kind.name}")
                self.results.reconnection_s.setdefault(kind.name, []).append(contender.reconnection())

    def _with_slow_flush(self) -> None:
        kind = OursWithSlowFlush
        say(kind.name)
        with self._failures_noted(kind), self._started(kind, 1) as contender:
            self._latency(contender)
        with self._failures_noted(kind), self._started(kind, IDLE_MODEMS) as contender:
            self._throughput(contender, IDLE_MODEMS)

    @contextlib.contextmanager
    def _failures_noted(self, kind: type[Contender]) -> Iterator[None]:
        try:
            yield
        except FAILURES as error:
            self.results.failures.append(f"{kind.name}: {error}")
            say(f"{kind.name} failed: {error}")

    @contextlib.contextmanager
    def _started(self, kind: type[Kind], modems: int) -> Iterator[Kind]:
        folder = Path(tempfile.mkdtemp(prefix="otpb-bench-"))
        kept = False
        try:
            with Simulator(self._children, folder, modems, sockets=kind.sockets) as simulator:
                contender = kind(self._children, folder, simulator)
                contender.start()
                try:
                    yield contender
                finally:
                    contender.stop()
        except FAILURES:
            kept = True
            say(f"its logs are kept in {folder}")
            raise
        finally:
            if not kept:
                shutil.rmtree(folder, ignore_errors=True)


def flush_times(count: int = 100) -> dict[str, float]:
    """Milliseconds of one fdatasync after writing 4 KiB, where the bench keeps its folders."""
    times = []
    with tempfile.NamedTemporaryFile(prefix="otpb-bench-") as file:
        for _ in range(count):
            os.write(file.fileno(), b"\0" * 4096)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1e3)
    times.sort()
    return {"median": times[count // 2], "p99": times[int(count * 0.99)]}


def say(sentence: str) -> None:
    print(f"== {time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)
