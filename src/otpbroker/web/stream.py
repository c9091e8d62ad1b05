"""The octets of one connection: gathered without blocking while a head arrives, with a deadline for the body."""

import contextlib
import os
import select
import socket
import time
from typing import Final

from otpbroker.system.workers import Places

_CHUNK: Final = 16384
WRITE_TIMEOUT_S: Final = 5.0


class Stream:
    """Both directions of a connected, non-blocking socket, and the file-like ends that cheroot's parser asks for."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.descriptor = sock.fileno()
        self._buffer = b""
        self._at = 0
        self._deadline = 0.0

    def _receive(self) -> bytes:
        """What has arrived, empty when the peer has closed; BlockingIOError when nothing has."""
        return os.read(self.descriptor, _CHUNK)

    def _send(self, data: bytes) -> int:
        """How many octets the socket took; BlockingIOError when it takes none now."""
        return os.write(self.descriptor, data)

    def fill(self) -> bool:
        """Take what has arrived; False when the peer has closed."""
        try:
            data = self._receive()
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._buffer = self._buffer[self._at :] + data
        self._at = 0
        return bool(data)

    def discard(self) -> None:
        self._buffer = b""
        self._at = 0

    @property
    def buffered(self) -> int:
        return len(self._buffer) - self._at

    def head_complete(self, limit: int) -> bool:
        """A whole head is there, or more than one may be long, or what can never become one (a bare line feed)."""
        buffer, at = self._buffer, self._at
        return buffer.find(b"\r\n\r\n", at) >= 0 or buffer.find(b"\n\n", at) >= 0 or self.buffered > limit

    def set_deadline(self, timeout_s: float) -> None:
        """All reading from the wire that follows shares these seconds."""
        self._deadline = time.monotonic() + timeout_s

    def readline(self, size: int = -1) -> bytes:
        while not (end := self._buffer.find(b"\n", self._at) + 1) and self._may_grow(size):
            pass
        available = (end or len(self._buffer)) - self._at
        return self._take(available if size < 0 else min(size, available))

    def read(self, size: int) -> bytes:
        while self._may_grow(size):
            pass
        return self._take(size)

    def _may_grow(self, wanted: int) -> bool:
        """Wait for more octets while fewer than `wanted` are here; False when there are enough or no more will come.

        Raises TimeoutError at the deadline.
        """
        if 0 <= wanted <= self.buffered:
            return False
        self._wait(select.POLLIN, self._deadline)
        return self.fill()

    def _wait(self, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(self.descriptor, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError

    def _take(self, size: int) -> bytes:
        data = self._buffer[self._at : self._at + size]
        self._at += len(data)
        return data

    def write(self, data: bytes, slow: Places) -> None:
        """Write everything, holding a place of `slow` while the peer reads more slowly than we write. Raises OSError
        where there is none, or the peer has gone or takes too long.
        """
        left = self._push(data)
        if not left:
            return
        with slow.one(TimeoutError):
            deadline = time.monotonic() + WRITE_TIMEOUT_S
            while left:
                self._wait(select.POLLOUT, deadline)
                left = self._push(left)

    def _push(self, data: bytes) -> bytes:
        """Write what the socket takes without waiting; the rest."""
        with contextlib.suppress(BlockingIOError):
            while data:
                data = data[self._send(data) :]
        return data

    def has_closed(self) -> bool:
        """Whether the peer sends nothing any more: a browser that has gone, while nothing is to be read."""
        poll = select.poll()
        poll.register(self.descriptor, select.POLLRDHUP)
        return bool(poll.poll(0))

    def write_now(self, data: bytes) -> None:
        """Write what the socket takes at once. Raises OSError where it takes nothing."""
        self._send(data)

    def close(self) -> None:
        self.socket.close()
