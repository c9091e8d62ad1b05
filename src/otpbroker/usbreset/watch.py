"""Sticks come and go. Each is attended to once; one that was obeyed is forgotten when it has gone."""

import time
from collections.abc import Callable
from typing import Final, Protocol

from otpbroker.system.doorbell import Doorbell
from otpbroker.usbreset.attending import Attended
from otpbroker.usbreset.lamps import DONE, REFUSED, Lamps, Signal
from otpbroker.usbreset.obeyed import Obeyed
from otpbroker.usbreset.sticks import Stick

GONE_S: Final = 2.0  # a stick that a weak power supply resets is back sooner
SETTLE_S: Final = 60.0  # after a start: some sticks take their time
AGAIN_S: Final = 10.0
LIT_S: Final = 5.0
_SIGNALS: Final[dict[str, Signal]] = {"done": DONE, "refused": REFUSED, "failed": REFUSED}


class Source(Protocol):
    """The sticks that are plugged, and a descriptor that becomes readable when one comes or goes."""

    @property
    def fd(self) -> int: ...

    def sticks(self) -> list[Stick]: ...

    def drain(self) -> None:
        """Take in what the descriptor announced."""


class Watch:
    """`attend` is called in the thread that runs it."""

    def __init__(
        self,
        source: Source,
        attend: Callable[[Stick], Attended],
        obeyed: Obeyed,
        lamps: Lamps,
        *,
        gone_s: float = GONE_S,
        settle_s: float = SETTLE_S,
        again_s: float = AGAIN_S,
        lit_s: float = LIT_S,
    ) -> None:
        self._source = source
        self._attend = attend
        self._obeyed = obeyed
        self._lamps = lamps
        self._gone_s = gone_s
        self._again_s = again_s
        self._lit_s = lit_s
        self._bell = Doorbell()
        self._stopping = False
        self._plugged: dict[str, str] = {}  # insertion: mark of an obeyed stick, or nothing
        self._absent = dict.fromkeys(obeyed, time.monotonic() + settle_s)  # mark: when to forget it
        self._again: dict[str, float] = {}  # insertion: when to try again
        self._lit_until: float | None = None

    def run(self) -> bool:
        """Until `stop` (False), or nothing is left to watch (True)."""
        while not self._stopping:
            self._look()
            due = self._due()
            if due is None and not self._plugged:
                return True
            self._bell.wait(None if due is None else due - time.monotonic(), self._source.fd)
            self._source.drain()
        return False

    def _due(self) -> float | None:
        times = [*self._absent.values(), *self._again.values(), *([self._lit_until] if self._lit_until else [])]
        return min(times, default=None)

    def _look(self) -> None:
        present = {stick.insertion: stick for stick in self._source.sticks()}
        for insertion in self._plugged.keys() - present.keys():
            self._leave(insertion)
        for insertion, stick in present.items():
            if insertion not in self._plugged or self._again.get(insertion, time.monotonic() + 1) <= time.monotonic():
                self._take(stick)
        now = time.monotonic()
        for mark in [mark for mark, at in self._absent.items() if at <= now]:
            del self._absent[mark]
            self._obeyed.forget(mark)
        if self._lit_until is not None and self._lit_until <= now:
            self._rest()

    def _take(self, stick: Stick) -> None:
        attended = self._attend(stick)
        self._plugged[stick.insertion] = attended.mark
        self._absent.pop(attended.mark, None)
        self._again.pop(stick.insertion, None)
        if attended.outcome == "failed":
            self._again[stick.insertion] = time.monotonic() + self._again_s
        if signal := _SIGNALS.get(attended.outcome):
            self._lamps.show(signal)
            self._lit_until = time.monotonic() + self._lit_s

    def _leave(self, insertion: str) -> None:
        mark = self._plugged.pop(insertion)
        self._again.pop(insertion, None)
        if mark and mark not in self._plugged.values():
            self._absent[mark] = time.monotonic() + self._gone_s

    def _rest(self) -> None:
        self._lamps.rest()
        self._lit_until = None

    def stop(self) -> None:
        """From any thread; a stick that is being attended to is attended to."""
        self._stopping = True
        self._bell.ring()

    def close(self) -> None:
        """After `run`."""
        self._rest()
        self._bell.close()
