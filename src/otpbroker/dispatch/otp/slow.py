"""The one thread that hashes: what it does keeps nobody waiting but those who wait for it."""

import queue
import threading
from collections.abc import Callable
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode

MOST_WAITING: Final = 256


class SlowThread:
    def __init__(self) -> None:
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="otp", daemon=True)
        self._thread.start()

    def put(self, job: Callable[[], None]) -> None:
        """Have it done in its turn. Raises 1107 at once where too many wait."""
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise BrokerError(ResponseCode.LIMIT, "otp.busy", retry_after_s=1) from None

    def stop(self) -> None:
        """Do what waits, then end."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
