"""Where a client reaches a simulated modem: a pseudo-terminal under a stable link, or an abstract Unix socket."""

import os
import pty
import socket
import tty
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from otpbroker.simulator.loop import Loop

BACKLOG_OCTETS = 1 << 16


class Port(ABC):
    """The modem's end of the line. Output beyond the backlog's limit is lost, as is output that nobody can hear."""

    on_input: Callable[[bytes], None]

    def __init__(self, loop: Loop, link: Path) -> None:
        self.link = link
        self._loop = loop
        self._fd = -1
        self._backlog = b""

    @abstractmethod
    def plug(self, link: Path | None = None) -> None:
        """Makes a new port reachable under `link`, the previous one when not given."""

    @abstractmethod
    def unplug(self) -> None:
        """Hangs the client up and takes the port away."""

    def write(self, data: bytes) -> None:
        """Sends what the line takes now, the rest when the client reads."""
        if self._fd < 0:
            return
        if self._backlog:
            self._backlog = (self._backlog + data)[:BACKLOG_OCTETS]
            return
        written = self._write_now(data)
        if written < len(data):
            self._backlog = data[written:]
            self._loop.watch_writes(self._fd, wanted=True)

    def _attach(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self._fd = fd
        self._loop.watch(fd, self._on_event)

    def _detach(self) -> None:
        if self._fd >= 0:
            self._loop.forget(self._fd)
            os.close(self._fd)
        self._fd = -1
        self._backlog = b""

    def _on_event(self, _events: int) -> None:
        if self._backlog:
            self._backlog = self._backlog[self._write_now(self._backlog) :]
            if not self._backlog:
                self._loop.watch_writes(self._fd, wanted=False)
        try:
            data = os.read(self._fd, 4096)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if data:
            self.on_input(data)
        else:
            self._detach()

    def _write_now(self, data: bytes) -> int:
        try:
            return os.write(self._fd, data)
        except (BlockingIOError, ConnectionError):
            return 0


class PtyPort(Port):
    """A pty pair; `link` points at the client's end while plugged.

    The slave end stays open here as well, so that a client may close and re-open it without the
    master reporting a hang-up for ever. Only `unplug` hangs the client up: it sees EIO or an end of file.
    """

    _slave = -1

    def plug(self, link: Path | None = None) -> None:
        self.unplug()
        self.link = link or self.link
        master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self._attach(master)
        _point(self.link, os.ttyname(self._slave))

    def unplug(self) -> None:
        if self._slave >= 0:
            self.link.unlink(missing_ok=True)
            self._detach()
            os.close(self._slave)
            self._slave = -1


class SocketPort(Port):
    """An abstract Unix stream socket named `abstract:<link>`, for clients that know no tty; one client at a time."""

    _listener: socket.socket | None = None

    def plug(self, link: Path | None = None) -> None:
        self.unplug()
        self.link = link or self.link
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(f"\0abstract:{self.link}")
        self._listener.listen()
        self._loop.watch(self._listener.fileno(), self._accept)

    def unplug(self) -> None:
        self._detach()
        if self._listener is not None:
            self._loop.forget(self._listener.fileno())
            self._listener.close()
            self._listener = None

    def _accept(self, _events: int) -> None:
        if self._listener is None:
            return
        accepted, _ = self._listener.accept()
        self._detach()
        self._attach(accepted.detach())


def _point(link: Path, target: str) -> None:
    # Made aside and moved into place: a client that watches the folder sees the finished link only.
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.rename(link)
