"""The threads that answer requests: started when first needed, never more than their lanes allow."""

import queue
import threading
import time
from typing import Protocol


class Lane:
    """A bound on how many requests of one kind are worked on at once."""

    __slots__ = ("busy", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.busy = 0


class Work(Protocol):
    """One request that has arrived."""

    lane: Lane

    def serve(self) -> None:
        """Answer it, and say where its connection goes from here. Raises nothing."""


class Workers:
    """Work beyond a lane's limit is refused at once: waiting behind work that itself waits for a modem helps nobody."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._busy = 0

    def put(self, work: Work) -> bool:
        """Have `work` served by a thread; False where its lane is full."""
        with self._lock:
            if work.lane.busy >= work.lane.limit:
                return False
            work.lane.busy += 1
            self._busy += 1
            if self._busy > len(self._threads):
                self._spawn()
        self._waiting.put(work)
        return True

    def release(self, lane: Lane) -> None:
        """The answer is about to leave: its place is free for the next request."""
        with self._lock:
            lane.busy -= 1
            self._busy -= 1

    def stop(self, timeout_s: float) -> None:
        """Let every thread end what it does, for at most `timeout_s`; the process may then exit over the rest."""
        deadline = time.monotonic() + timeout_s
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _spawn(self) -> None:
        thread = threading.Thread(target=self._run, name=f"web-{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while (work := self._waiting.get()) is not None:
            work.serve()
