"""Places for pages that wait for a modem or a mail server, so that they never take every thread of the panel."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode

PLACES: Final = 10
_RETRY_S: Final = 5.0


class Slow:
    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(PLACES)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Held while a page waits. Raises `BrokerError` 1107 where too many others do."""
        if not self._free.acquire(blocking=False):
            raise BrokerError(ResponseCode.LIMIT, "panel.busy", retry_after_s=_RETRY_S)
        try:
            yield
        finally:
            self._free.release()
