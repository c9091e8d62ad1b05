"""Messages of a broker that took their feeder's process with them, told by what was begun and never ended."""

from collections import OrderedDict
from typing import Final

_MOST: Final = 10_000


class Crashes:
    """In memory only, as the fingerprints of contents must be. Used by one thread."""

    def __init__(self) -> None:
        self._begun: OrderedDict[tuple[str, str], int] = OrderedDict()

    def begin(self, feeder: str, fingerprint: str) -> int:
        """How often it was begun before and not ended."""
        before = self._begun.pop((feeder, fingerprint), 0)
        self._begun[feeder, fingerprint] = before + 1
        while len(self._begun) > _MOST:
            self._begun.popitem(last=False)
        return before

    def end(self, feeder: str, fingerprint: str) -> None:
        self._begun.pop((feeder, fingerprint), None)
