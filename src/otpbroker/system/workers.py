"""The threads that answer requests, started when needed and ended when not; and the places for those that wait."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final, Protocol

BACKLOG: Final = 1024
IDLE_S: Final = 30.0


class Work(Protocol):
    """One request that has arrived."""

    def serve(self) -> None:
        """Answer it. Raises nothing."""

    def pass_on(self) -> None:
        """It is answered, and its thread free: what comes of it now."""


class Workers:
    """At most `limit` threads. What they all have no time for now waits in order; what waits for something slow must
    hold a place of `Places`, so that threads stay free for what does not. A thread that has had nothing to do for
    `idle_s` ends.
    """

    def __init__(self, limit: int, idle_s: float = IDLE_S) -> None:
        self.limit = limit
        self._idle_s = idle_s
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._unfinished = 0

    def put(self, work: Work) -> bool:
        """Have `work` served by a thread; False where too much waits already."""
        with self._lock:
            if self._unfinished >= self.limit + BACKLOG:
                return False
            self._unfinished += 1
            if len(self._threads) < min(self._unfinished, self.limit):
                self._spawn()
        self._waiting.put(work)
        return True

    def stop(self, timeout_s: float) -> None:
        """Let every thread end what it does, for at most `timeout_s`; the process may then exit over the rest."""
        deadline = time.monotonic() + timeout_s
        with self._lock:
            threads = list(self._threads)
        for _ in threads:
            self._waiting.put(None)
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _spawn(self) -> None:
        thread = threading.Thread(target=self._run, name=f"web-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while True:
            try:
                work = self._waiting.get(timeout=self._idle_s)
            except queue.Empty:
                if self._may_end():
                    return
                continue
            if work is None:
                return
            work.serve()
            with self._lock:
                self._unfinished -= 1
            work.pass_on()

    def _may_end(self) -> bool:
        """Not where each of the others has something to do already, and more is on its way."""
        with self._lock:
            if len(self._threads) <= self._unfinished:
                return False
            self._threads.remove(threading.current_thread())
            return True


class Places:
    """A bound on how many requests wait for one slow thing at once."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.taken = 0
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a place; False at once where none is free."""
        with self._lock:
            if self.taken >= self.limit:
                return False
            self.taken += 1
            return True

    def give_back(self) -> None:
        with self._lock:
            self.taken -= 1

    @contextlib.contextmanager
    def one(self, refusal: Callable[[], Exception]) -> Iterator[None]:
        """Hold a place; raises what `refusal` makes where none is free."""
        if not self.take():
            raise refusal()
        try:
            yield
        finally:
            self.give_back()
