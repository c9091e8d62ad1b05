"""A form that goes out twice, by a double click or a nervous finger, is done once; both get the same answer."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.answers import Answer, Redirect
from otpbroker.panel.visit import Visit

LASTS_S: Final = 3.0  # what was answered so long ago was seen: the same again is meant
MOST_WAITING: Final = 2  # for one form, each in a thread
_PATIENCE_S: Final = 90.0


@dataclass(slots=True)
class _Flight:
    name: bytes
    done: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None
    error: Exception | None = None
    over: float = float("inf")
    waiting: int = 0


class Once:
    """Knows the last form of each browser only: after another one, the same again is meant. Forms know each other by
    their token, which each page makes anew, and by what was typed; both as a digest.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last: dict[str, _Flight] = {}

    def forget(self) -> None:
        """Drop answers that nobody waits for any more: they may show what was typed."""
        now = self._clock()
        with self._lock:
            if any(now >= flight.over for flight in self._last.values()):
                self._last = {owner: flight for owner, flight in self._last.items() if now < flight.over}

    def run(self, visit: Visit, token: str, do: Callable[[Visit], Answer]) -> Answer:
        """What `do` answers or raises. Raises `BrokerError` where too many wait for it already."""
        self.forget()
        owner = visit.guest if visit.session is None else visit.session.id
        name = _name(visit, token)
        with self._lock:
            flight = self._last.get(owner)
            mine = flight is None or flight.name != name
            if flight is None or mine:
                flight = self._last[owner] = _Flight(name)
            elif flight.waiting >= MOST_WAITING:
                raise _busy()
            else:
                flight.waiting += 1
        return self._done(flight, visit, do) if mine else self._joined(flight)

    def _done(self, flight: _Flight, visit: Visit, do: Callable[[Visit], Answer]) -> Answer:
        try:
            flight.answer = do(visit)
        except Exception as error:
            flight.error = error
            raise
        finally:
            flight.over = self._clock() + LASTS_S
            flight.done.set()
        return flight.answer

    def _joined(self, flight: _Flight) -> Answer:
        try:
            if not flight.done.wait(_PATIENCE_S):
                raise _busy()
        finally:
            with self._lock:
                flight.waiting -= 1
        if flight.error is not None:
            raise flight.error
        if flight.answer is None:
            raise _busy()
        if isinstance(flight.answer, Redirect):  # its sentence is for the one page that comes of both
            return replace(flight.answer, notice=None)
        return flight.answer


def _busy() -> BrokerError:
    return BrokerError(ResponseCode.LIMIT, "panel.busy", retry_after_s=5.0)


def _name(visit: Visit, token: str) -> bytes:
    parts = [visit.path, *(part for pair in visit.query.pairs() for part in pair)]
    digest = hashlib.sha256(token.encode())
    for part in (*parts, *(part for pair in visit.form.pairs() for part in pair)):
        octets = part.encode(errors="surrogatepass")
        digest.update(b"%d:" % len(octets) + octets)
    for name, files in visit.files.items():
        for octets in files:
            digest.update(b"%d:" % len(octets) + name.encode(errors="surrogatepass") + octets)
    return digest.digest()
