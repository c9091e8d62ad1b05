"""How other threads wake one that waits on a descriptor."""

import contextlib
import os
import select
import threading
from collections.abc import Iterable


class Doorbell:
    """An eventfd: `ring` from any thread, `wait` in one."""

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._lock = threading.Lock()  # a ring that comes too late must not hit a descriptor of someone else

    def ring(self) -> None:
        with self._lock, contextlib.suppress(BlockingIOError):  # it rings already, 2**64 times over
            if self._fd >= 0:
                os.eventfd_write(self._fd, 1)

    def wait(self, timeout_s: float | None, port_fd: int | None = None) -> bool:
        """Until it rings (and falls silent by that), the port has something, or the time is over; True for the port."""
        return bool(self.wait_any(timeout_s, () if port_fd is None else (port_fd,)))

    def wait_any(self, timeout_s: float | None, fds: Iterable[int]) -> set[int]:
        """As `wait`, for several descriptors: those that have something."""
        poll = select.poll()
        for fd in (self._fd, *fds):
            poll.register(fd, select.POLLIN)
        ready = {fd for fd, _ in poll.poll(None if timeout_s is None else max(0.0, timeout_s) * 1000)}
        if self._fd in ready:
            with contextlib.suppress(BlockingIOError):
                os.eventfd_read(self._fd)
        return ready - {self._fd}

    def close(self) -> None:
        with self._lock:
            os.close(self._fd)
            self._fd = -1
