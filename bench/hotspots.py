"""Where the time goes at full speed: py-spy's samples of the doors' and dispatch's processes under full load."""

import collections
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from bench.contender import Contender
from bench.processes import Children, program

SECONDS = 8
SHOWN = 20
PROFILED = ("otpbroker.services.api", "otpbroker.services.dispatch", "otpbroker.services.feeder amqp")


def profile(children: Children, contender: Contender) -> Iterable[str]:
    """Lines to print: for each process the functions by their own time and by time with callees, GIL holders only."""
    py_spy = Path(sys.executable).with_name("py-spy")
    with contender.load():
        time.sleep(2)
        recordings = []
        for pid in contender.pids():
            if program(pid) in PROFILED:
                stacks = contender.folder / f"stacks{pid}"
                argv: list[str | Path] = [
                    py_spy,
                    "record",
                    "--gil",
                    "-r",
                    "200",
                    "-f",
                    "raw",
                    "-d",
                    str(SECONDS),
                    "-o",
                    stacks,
                    "-p",
                    str(pid),
                ]
                recordings.append((program(pid), stacks, children.spawn(argv, contender.folder / "py-spy.log")))
        for _, _, recorder in recordings:
            recorder.wait(SECONDS * 6)
    for name, stacks, _ in recordings:
        yield f"{name}: share of the time in which it runs Python"
        yield from hottest(stacks.read_text(encoding="utf-8"))


def hottest(folded: str) -> Iterable[str]:
    """From folded stacks: the functions with most time of their own beside those with most time in all."""
    own, inclusive, total = collections.Counter[str](), collections.Counter[str](), 0
    for line in folded.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [frame.rsplit(":", 1)[0] + ")" for frame in stack.split(";")]
        own[frames[-1]] += int(count)
        inclusive.update(dict.fromkeys(frames, int(count)))
        total += int(count)
    for (own_name, own_count), (all_name, all_count) in zip(
        own.most_common(SHOWN), inclusive.most_common(SHOWN), strict=False
    ):
        yield f"  {own_count / total:6.1%} {own_name[-54:]:54}  {all_count / total:6.1%} {all_name[-54:]}"
