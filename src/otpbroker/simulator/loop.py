"""The one thread of all simulated modems: descriptors by epoll, deadlines by a heap."""

import heapq
import itertools
import os
import select
import time
from collections.abc import Callable

MILLISECOND_S = 0.001


class Loop:
    """Calls readers when their descriptor is ready and timers when they are due; all in the thread of `run`."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._readers: dict[int, Callable[[int], None]] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._sequence = itertools.count()
        self._stopping = False
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.watch(self._wake, lambda _events: None)

    def watch(self, fd: int, on_event: Callable[[int], None]) -> None:
        self._readers[fd] = on_event
        self._epoll.register(fd, select.EPOLLIN)

    def watch_writes(self, fd: int, wanted: bool) -> None:
        """Adds or drops the interest in `fd` becoming writable."""
        self._epoll.modify(fd, select.EPOLLIN | (select.EPOLLOUT if wanted else 0))

    def forget(self, fd: int) -> None:
        if self._readers.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def call_later(self, delay_s: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (time.monotonic() + delay_s, next(self._sequence), action))

    def stop(self) -> None:
        """Ends `run`; may be called from any thread and from a signal handler."""
        self._stopping = True
        os.eventfd_write(self._wake, 1)

    def run(self) -> None:
        while not self._stopping:
            for fd, events in self._wait():
                reader = self._readers.get(fd)
                if reader is not None:
                    reader(events)
            self._fire()

    def close(self) -> None:
        self._epoll.close()
        os.close(self._wake)

    def _wait(self) -> list[tuple[int, int]]:
        if not self._timers:
            return self._epoll.poll()
        # epoll rounds its timeout up to a millisecond, which would show in the latency of a bench; select does not.
        remaining_s = self._timers[0][0] - time.monotonic()
        if remaining_s > 2 * MILLISECOND_S:
            return self._epoll.poll(remaining_s - MILLISECOND_S)
        if remaining_s > 0:
            select.select([self._epoll], [], [], remaining_s)
        return self._epoll.poll(0)

    def _fire(self) -> None:
        while self._timers and self._timers[0][0] <= time.monotonic():
            heapq.heappop(self._timers)[2]()
