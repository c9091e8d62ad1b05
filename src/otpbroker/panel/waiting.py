"""The change that waits for its confirmation, as the panel last heard of it: on every page until it is decided."""

import time
from typing import NamedTuple

from otpbroker.verbs.apply import Confirmation, Waiting


class Shown(NamedTuple):
    """`seconds` that are left."""

    seconds: int
    sections: str
    addresses: list[str]


class WaitingChange:
    """Known from the answers that the panel got itself; of what others change, by asking (`told`)."""

    def __init__(self) -> None:
        self._confirmation: Confirmation | None = None
        self._sections = ""
        self._until_s = 0.0

    def told(self, waiting: Waiting) -> None:
        self._confirmation = waiting.confirmation
        self._sections = ", ".join(waiting.sections)
        self._until_s = time.monotonic() + (waiting.confirmation.within_s if waiting.confirmation else 0.0)

    @property
    def token(self) -> str:
        return self._confirmation.token if self._confirmation and self.shown() else ""

    def shown(self) -> Shown | None:
        left_s = self._until_s - time.monotonic()
        if self._confirmation is None or left_s <= 0:
            return None
        return Shown(max(1, round(left_s)), self._sections, self._confirmation.addresses)
