"""One call: pppd from its start to its end, and what happens meanwhile."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from otpbroker.dial import words
from otpbroker.network.wvdial import tty
from otpbroker.system.command import Child
from otpbroker.system.doorbell import Doorbell

PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
_LONGEST_LINE: Final = 4096


class Limits(Struct, frozen=True):
    """In seconds. `up`: from the start to an address; `goodbye`: what pppd may take to end."""

    up: float = 180.0
    goodbye: float = 12.0


class Places(Struct, frozen=True):
    """`scripts` are ours for pppd, `made` is what otpb-apply rendered, `run` our own folder."""

    scripts: Path
    made: Path
    run: Path


class Call:
    """`told` hears each word; `bell` is rung by who wants it to look at `hang_up` again."""

    def __init__(self, modem: str, places: Places, limits: Limits, bell: Doorbell) -> None:
        self._modem = modem
        self._places = places
        self._limits = limits
        self._bell = bell
        self._folder = places.run / modem

    def run(self, port: str, told: Callable[[words.Word], None], hang_up: Callable[[], bool]) -> int:
        """Call on `port`, until it ends or `hang_up` says so. pppd's exit status, negative where a signal ended it.

        Raises OSError where it cannot even be started.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        link = tty(self._modem, self._places.run)
        link.unlink(missing_ok=True)
        link.symlink_to(port)
        with self._pipe() as events:
            child = Child(self._argv(port), {"PATH": os.environ.get("PATH", PATH)})
            return self._follow(child, events, told, hang_up)

    def _argv(self, port: str) -> list[str]:
        places, folder = self._places, str(self._folder)
        connect = f"{places.scripts}/dial-connect {self._modem} {folder} {places.made}"
        return [
            *("pppd", port, "file", str(places.made / "dial" / f"{self._modem}.ppp"), "ipparam", folder),
            *("connect", connect),
            *("ip-up-script", f"{places.scripts}/ppp-up", "ip-down-script", f"{places.scripts}/ppp-down"),
        ]

    @contextlib.contextmanager
    def _pipe(self) -> Iterator[int]:
        path = self._folder / "events"
        path.unlink(missing_ok=True)
        os.mkfifo(path, 0o600)
        # Both ends, so that it never ends: writers come and go.
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)

    def _follow(
        self, child: Child, events: int, told: Callable[[words.Word], None], hang_up: Callable[[], bool]
    ) -> int:
        deadline: float | None = time.monotonic() + self._limits.up
        ended = os.pidfd_open(child.pid)
        begun, leaving = b"", False
        try:
            while True:
                left = None if deadline is None else deadline - time.monotonic()
                ready = self._bell.wait_any(left, (events, ended))
                if events in ready:
                    *lines, begun = (begun + os.read(events, _LONGEST_LINE)).split(b"\n")
                    for word in map(words.read, (line.decode(errors="replace") for line in lines)):
                        if word is None:
                            continue
                        told(word)
                        deadline = None if isinstance(word, words.Up) and not leaving else deadline
                    begun = begun[:_LONGEST_LINE]
                elif ended in ready:
                    return child.wait()
                if leaving and deadline is not None and time.monotonic() > deadline:
                    child.kill_all()
                elif not leaving and (hang_up() or (deadline is not None and time.monotonic() > deadline)):
                    leaving, deadline = True, time.monotonic() + self._limits.goodbye
                    child.signal(signal.SIGTERM)
        finally:
            os.close(ended)
