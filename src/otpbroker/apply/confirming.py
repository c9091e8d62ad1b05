"""A change that could lock its maker out waits for his word, which must come by the new way; without it, it is taken
back. What stood before lies on disk meanwhile, so that a power cut takes it back too.
"""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otpbroker.apply.journal import Before, Journal
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.network.plan import REACHING
from otpbroker.verbs.apply import Confirmation

CONFIRM_S: Final = 60.0
_NAME: Final = ".unconfirmed"


@dataclass(frozen=True, slots=True)
class _Waiting:
    confirmation: Confirmation
    sections: tuple[str, ...]
    until_s: float
    timer: threading.Timer


class Confirming:
    """At most one change waits. The caller holds the settings' lock, but for `waiting`. `expired` is called in a thread
    of its own when nobody has confirmed in time.
    """

    def __init__(self, folder: Path, expired: Callable[[], None], within_s: float = CONFIRM_S) -> None:
        self._journal = Journal(folder, _NAME)
        self._expired = expired
        self._within_s = within_s
        self._waiting: _Waiting | None = None

    def begin(self, before: Mapping[str, bytes | None], services: list[str]) -> None:
        """Remember what stood before. Raises `BrokerError` where the disk refuses."""
        self._journal.begin(before, services)

    def ask(self, sections: Mapping[str, bytes | None], addresses: tuple[str, ...]) -> Confirmation:
        """The time begins to run."""
        token = secrets.token_urlsafe(9)
        confirmation = Confirmation(token=token, within_s=self._within_s, addresses=list(addresses))
        timer = threading.Timer(self._within_s, self._expired)
        timer.daemon = True
        until_s = time.monotonic() + self._within_s
        self._waiting = _Waiting(confirmation, tuple(sections), until_s, timer)
        timer.start()
        return confirmation

    def waiting(self) -> tuple[Confirmation, tuple[str, ...]] | None:
        """What waits, with the seconds that are left, and its sections."""
        now = self._waiting
        if now is None:
            return None
        left_s = max(0.0, now.until_s - time.monotonic())
        token, addresses = now.confirmation.token, now.confirmation.addresses
        return Confirmation(token=token, within_s=left_s, addresses=addresses), now.sections

    def holds(self, sections: Mapping[str, bytes | None]) -> list[str]:
        """Those of `sections` that must not change before the one that waits is decided: itself, and whatever else
        could lock its maker out, which would not be taken back with it.
        """
        held = (*self._waiting.sections, *REACHING) if self._waiting else ()
        return [name for name in sections if name in held]

    def check(self, token: str) -> None:
        """Raises `BrokerError` unless `token` is the waiting change's."""
        if self._waiting is None or not secrets.compare_digest(self._waiting.confirmation.token, token):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "confirm.unknown")

    def end(self) -> None:
        """Decided. Raises `BrokerError` where the disk refuses: it is taken back, then, at the next start."""
        if self._waiting is not None:
            self._waiting.timer.cancel()
        self._waiting = None
        self._journal.end()

    def unconfirmed(self) -> Before | None:
        """What to go back to: the time is over, or an earlier life never heard a word. None while one waits in time."""
        if self._waiting is not None and time.monotonic() < self._waiting.until_s:
            return None
        return self._journal.cut_off()

    def before(self) -> Before | None:
        """What stood before the change that waits."""
        return self._journal.cut_off()
