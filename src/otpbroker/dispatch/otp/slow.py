"""The one thread that hashes: what it does keeps nobody waiting but those who wait for it."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode

MOST_WAITING: Final = 128

Job = Callable[[], None]
Lane = tuple[str, ...]


class SlowThread:
    """Takes a job of each lane in turn, so that nobody's burst keeps another one out."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, deque[Job]] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="otp", daemon=True)
        self._thread.start()

    def put(self, lane: Lane, job: Job) -> None:
        """Have it done in its turn. Raises 1107 at once where too many of this lane wait."""
        with self._changed:
            waiting = self._lanes.setdefault(lane, deque())
            if len(waiting) >= MOST_WAITING:
                raise BrokerError(ResponseCode.LIMIT, "otp.busy", retry_after_s=1)
            waiting.append(job)
            self._changed.notify()

    def stop(self) -> None:
        """Do what waits, then end."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            job()

    def _next(self) -> Job | None:
        with self._changed:
            self._changed.wait_for(lambda: self._lanes or self._stopping)
            if not self._lanes:
                return None
            lane = next(iter(self._lanes))
            waiting = self._lanes.pop(lane)
            job = waiting.popleft()
            if waiting:
                self._lanes[lane] = waiting  # behind the others
            return job
