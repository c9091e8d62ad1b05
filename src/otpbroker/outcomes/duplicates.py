"""What the process remembers of recent contents, to send nothing twice by mistake (DESIGN §4). Memory only."""

import time
from collections import OrderedDict
from typing import Final, NamedTuple

CONTENT_WINDOW_S: Final = 600.0
IDEMPOTENCY_WINDOW_S: Final = 86400.0
_MOST: Final = 10_000


class Remembered(NamedTuple):
    message_id: str
    content: bytes
    until_s: float


class Duplicates:
    """Idempotency keys (24 h) and sender ids with their content (10 min), the newest few thousand."""

    def __init__(self) -> None:
        self._by_key: OrderedDict[bytes, Remembered] = OrderedDict()

    def find(self, key: bytes) -> Remembered | None:
        entry = self._by_key.get(key)
        if entry is not None and entry.until_s < time.monotonic():
            del self._by_key[key]
            return None
        return entry

    def remember(self, key: bytes, message_id: str, content: bytes, window_s: float) -> None:
        self._by_key[key] = Remembered(message_id, content, time.monotonic() + window_s)
        self._by_key.move_to_end(key)
        while len(self._by_key) > _MOST:
            self._by_key.popitem(last=False)
