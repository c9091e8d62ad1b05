"""Which ports otpb-dial may call on, and which it has in its hands. Any thread may ask."""

import secrets
import threading
from collections.abc import Callable, Collection, Iterable

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.internet import Line

Answer = Callable[[list[Line]], None]


class Lending:
    """Owners offer ports, the one dialler takes them and gives them back. It remembers nothing of an earlier life of
    dispatch: the dialler tells what it holds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._life = ""
        self._number = secrets.randbits(40)  # no number of an earlier life comes again
        self._offers: dict[str, Line] = {}
        self._held: dict[str, Line] = {}
        self._owners: dict[str, Callable[[], None]] = {}
        self._asking: list[tuple[list[Line], Answer]] = []

    # -- owners -------------------------------------------------------------------------------------------------

    def own(self, modem: str, changed: Callable[[], None]) -> None:
        """`changed` is called when a dialler came for the first time, or gave a port of this modem back."""
        with self._lock:
            self._owners[modem] = changed

    @property
    def wanted(self) -> bool:
        """Whether there is a dialler: until one has asked, modems are for SMS only."""
        return bool(self._life)

    def offer(self, modem: str, port: str, *, shared: bool) -> None:
        """From now on it may be called on; the same offer again changes nothing."""
        with self._lock:
            before = self._offers.get(modem)
            if before is not None and (before.port, before.shared) == (port, shared):
                return
            self._number += 1
            self._offers[modem] = Line(modem=modem, port=port, number=self._number, shared=shared)
        self._tell()

    def withdraw(self, modem: str) -> None:
        """It is called on no more; a call on it is ended."""
        with self._lock:
            if self._offers.pop(modem, None) is None:
                return
        self._tell()

    def keep(self, modems: Collection[str]) -> None:
        """Of other modems than these, nothing is lent."""
        with self._lock:
            self._owners = {modem: owner for modem, owner in self._owners.items() if modem in modems}
            self._offers = {modem: line for modem, line in self._offers.items() if modem in modems}
        self._tell()

    def held(self, modem: str) -> str:
        """The port that the dialler has in its hands and shares with nobody, empty where it has none."""
        with self._lock:
            line = self._held.get(modem)
            return line.port if line is not None and not line.shared else ""

    # -- the dialler --------------------------------------------------------------------------------------------

    def ask(self, life: str, known: list[Line] | None, answer: Answer) -> bool:
        """Answered at once where there is news, else with the next; whether it was at once. Refused with
        `internet.tell_first` where it may hold what we do not know of.
        """
        with self._lock:
            new = life != self._life
            if new and known is not None:
                raise BrokerError(ResponseCode.FAILED, "internet.tell_first")
            self._life = life
            gone = self._end(self._held) if new else []
            owners = [owner for modem, owner in self._owners.items() if new or modem in gone]
            now = self._lines()
            later = now == known and not new
            if later:
                self._asking.append((now, answer))
        for owner in owners:
            owner()
        if not later:
            answer(now)
        return not later

    def give_up(self, answer: Answer) -> None:
        """Answer one that has waited long enough, if it still waits."""
        with self._lock:
            waited = [pair for pair in self._asking if pair[1] is answer]
            self._asking = [pair for pair in self._asking if pair[1] is not answer]
            now = self._lines()
        for _ in waited:
            answer(now)

    def heard(self, life: str, held: Iterable[Line]) -> None:
        """What it calls on now. What it had before this process began stays with it."""
        with self._lock:
            new, self._life = life != self._life, life
            now = {line.modem: line for line in held}
            ended = {modem: line for modem, line in self._held.items() if now.get(modem) != line}
            news = now.keys() - self._held.keys() - self._offers.keys()
            adopted = [modem for modem in news if modem in self._owners]
            self._offers |= {modem: now[modem] for modem in adopted}
            gone = self._end(ended)
            self._held = now
            owners = [owner for modem, owner in self._owners.items() if new or modem in gone or modem in adopted]
        for owner in owners:
            owner()
        self._tell()

    def _end(self, lines: dict[str, Line]) -> list[str]:
        """Calls on these are over: a port that nobody shares must be looked at before the next. The modems of such."""
        own = [modem for modem, line in lines.items() if not line.shared]
        for modem in own:
            if self._offers.get(modem) == lines[modem]:
                del self._offers[modem]
        self._held = {modem: line for modem, line in self._held.items() if modem not in lines}
        return own

    def _lines(self) -> list[Line]:
        return sorted(self._offers.values(), key=lambda line: line.modem)

    def _tell(self) -> None:
        with self._lock:
            now = self._lines()
            due = [answer for known, answer in self._asking if known != now]
            self._asking = [pair for pair in self._asking if pair[0] == now]
        for answer in due:
            answer(now)
