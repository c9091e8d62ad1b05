"""A pseudo-terminal under a stable link: what the client opens in place of /dev/ttyUSB0."""

import contextlib
import os
import pty
import tty
from collections.abc import Callable
from pathlib import Path

from otpbroker.simulator.loop import Loop

BACKLOG_OCTETS = 1 << 16


class PtyPort:
    """The modem's end of a pty pair; `link` points at the client's end while plugged.

    The slave end stays open here as well, so that a client may close and re-open it without the
    master reporting a hang-up for ever. Only `unplug` hangs the client up.
    """

    def __init__(self, loop: Loop, link: Path, on_input: Callable[[bytes], None]) -> None:
        self.link = link
        self._loop = loop
        self._on_input = on_input
        self._master = self._slave = -1
        self._backlog = b""

    @property
    def plugged(self) -> bool:
        return self._master >= 0

    def plug(self, link: Path | None = None) -> None:
        """Makes a new pty and points `link` (the previous one when not given) at it."""
        self.unplug()
        self.link = link or self.link
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._point_link(os.ttyname(self._slave))
        self._loop.watch(self._master, self._on_event)

    def unplug(self) -> None:
        """Hangs the client up (it sees EIO or an end of file) and removes the link."""
        if not self.plugged:
            return
        self._loop.forget(self._master)
        self.link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1
        self._backlog = b""

    def write(self, data: bytes) -> None:
        """Sends what the tty takes now, the rest when the client reads; beyond the backlog's limit it is lost."""
        if not self.plugged:
            return
        if self._backlog:
            self._backlog = (self._backlog + data)[:BACKLOG_OCTETS]
            return
        written = self._write_now(data)
        if written < len(data):
            self._backlog = data[written:]
            self._loop.watch_writes(self._master, wanted=True)

    def _on_event(self, _events: int) -> None:
        if self._backlog:
            self._backlog = self._backlog[self._write_now(self._backlog) :]
            if not self._backlog:
                self._loop.watch_writes(self._master, wanted=False)
        with contextlib.suppress(BlockingIOError):
            self._on_input(os.read(self._master, 4096))

    def _write_now(self, data: bytes) -> int:
        try:
            return os.write(self._master, data)
        except BlockingIOError:
            return 0

    def _point_link(self, target: str) -> None:
        # Made aside and moved into place: a client that watches the folder sees the finished link only.
        temporary = self.link.with_name(f".{self.link.name}.new")
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target)
        temporary.rename(self.link)
