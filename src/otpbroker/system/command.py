"""The only place where another program is started. Argument lists only, never a shell."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(frozen=True, slots=True)
class Outcome:
    returncode: int
    stdout: str
    stderr: str


def run(argv: Sequence[str], *, timeout_s: float, stdin: bytes = b"") -> Outcome:
    """Run a program to its end. Raises OSError when it cannot start, TimeoutError when it was killed for slowness."""
    try:
        done = subprocess.run(list(argv), input=stdin, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired:
        raise TimeoutError(argv[0]) from None
    return Outcome(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


class Child:
    """A program that runs beside us in its own session, so that a Ctrl-C reaches only its parent. What it prints goes
    to our standard error.

    The kernel kills it when the thread that started it ends, so a killed parent leaves nobody behind: start it from
    the main thread.
    """

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        self._parent = os.getpid()
        self._process = subprocess.Popen(
            list(argv),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            start_new_session=True,
            preexec_fn=self._die_with_parent,  # noqa: PLW1509 - one system call that takes no lock
        )

    def _die_with_parent(self) -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self._parent:
            os._exit(1)

    @property
    def pid(self) -> int:
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit status (negative: the signal that ended it), None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Its exit status, when it has ended."""
        return self._process.wait()

    def kill_all(self) -> None:
        """End it and all that it has started, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; one that has already ended takes no notice."""
        self._process.send_signal(number)
