"""Child processes of the bench: started in their own session, measured from /proc, never left behind."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

STOP_S = 15.0


Argv = Sequence[str | Path]


class Children:
    """Everything the bench starts; leaving the context ends what still runs, whole process trees."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for child in reversed(self._running[:]):
            self.stop(child)

    def spawn(
        self, argv: Argv, log: Path, env: Mapping[str, str] | None = None, **options: int
    ) -> subprocess.Popen[bytes]:
        """Output goes to `log`; `options` may give stdin or stdout to the bench instead (`subprocess.PIPE`)."""
        with log.open("ab") as output:
            child = subprocess.Popen(
                [str(word) for word in argv],
                env={**os.environ, **(env or {})},
                stdin=options.get("stdin", subprocess.DEVNULL),
                stdout=options.get("stdout", output),
                stderr=output,
                start_new_session=True,
            )
        self._running.append(child)
        return child

    def stop(self, child: subprocess.Popen[bytes], stop_s: float = STOP_S) -> None:
        """SIGTERM and a while; then SIGKILL for whatever is left of its tree."""
        family = tree([child.pid])
        if child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(stop_s)
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()
        self._running.remove(child)


def tree(roots: Iterable[int]) -> list[int]:
    """The processes `roots` and their descendants that live now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
    found, waiting = [], [pid for pid in roots if Path(f"/proc/{pid}").exists()]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += parents.get(pid, [])
    return found


def cpu_s(pids: Iterable[int]) -> float:
    """User and system time of the living `pids` so far."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = _stat(pid)
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def machine_busy_s() -> float:
    """Seconds that all cores together have been busy since the machine started."""
    user, nice, system, _idle, _iowait, irq, softirq, *_ = _words("/proc/stat")
    return sum(map(int, (user, nice, system, irq, softirq))) / os.sysconf("SC_CLK_TCK")


def pss_mib(pids: Iterable[int]) -> float:
    """Proportional set size: shared pages count once over all who share them."""
    total_kib = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            total_kib += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total_kib / 1024


def program(pid: int) -> str:
    """The program's name, for Python the module after `-m` and the door that it serves, if any."""
    words: list[str] = []
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    if "-m" not in words[:-1]:
        return Path(words[0] if words else "").name
    door = words[words.index("--door") + 1 :][:1] if "--door" in words else []
    return " ".join([words[words.index("-m") + 1], *door])


def wait_for(condition: Callable[[], bool], timeout_s: float, what: str, pause_s: float = 0.05) -> None:
    """Asks again and again; TimeoutError with `what` should have happened."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(pause_s)


def _words(path: str) -> list[str]:
    return Path(path).read_text(encoding="ascii").splitlines()[0].split()[1:]


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
