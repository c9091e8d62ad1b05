"""The monitor: what happens now. One page, and the same pieces of it as server-sent events."""

import threading
import time
from collections.abc import Callable, Generator, Mapping
from typing import Any, Final

from otpbroker.panel import overview
from otpbroker.panel.alarms import FEEDERS
from otpbroker.panel.answers import Answer, Events, Page, Pieces
from otpbroker.panel.desk import Desk
from otpbroker.panel.modem_cards import card_of
from otpbroker.panel.refused import Refused
from otpbroker.panel.routes import Route, get
from otpbroker.panel.sessions import Session
from otpbroker.panel.visit import Visit
from otpbroker.panel.words import Words
from otpbroker.system.workers import Places

MOST_VIEWERS: Final = 8  # each holds a thread for as long as it looks
SHOWN: Final = 20  # the modems stay within reach on a phone
LOOK_S: Final = 1.0  # what nobody tells of, such as a signal, is looked at so often
GATHER_S: Final = 0.25  # what happens within it is shown at once
HEARTBEAT_S: Final = 15.0
_PIECES: Final = ("alarms", "counters", "messages", "modems", "feeders")


class MonitorPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._places = Places(MOST_VIEWERS)
        self._drawings = {language: _Drawing() for language in ("en", "id")}

    def routes(self) -> list[Route]:
        return [get("/monitor", self.monitor), get("/monitor/events", self.events)]

    def monitor(self, visit: Visit) -> Answer:
        return Page("monitor_pieces.html" if visit.piece else "monitor.html", self._values())

    def events(self, visit: Visit) -> Answer:
        session = visit.session
        if session is None or not self._places.take():
            raise Refused(503, "monitor.full", retry_after_s=HEARTBEAT_S)
        return Events(lambda pieces: self._told(session, visit.words, pieces))

    def _told(self, session: Session, words: Words, pieces: Pieces) -> Generator[bytes, None, None]:
        """Until the process stops, the session is over or the browser goes."""
        shown: dict[str, str] = {}
        said_s = time.monotonic()
        feed = self._desk.live.feed
        try:
            yield b"retry: 2000\n\n"
            while not self._desk.stopping.is_set():
                if not self._desk.sessions.holds(session):
                    yield _event("over", "")
                    return
                version = feed.version
                drawn = self._drawn(words, pieces, version)
                changed = b"".join(_event(name, html) for name, html in drawn.items() if shown.get(name) != html)
                shown = drawn
                if not changed and time.monotonic() - said_s >= HEARTBEAT_S:
                    changed = b":\n\n"
                yield changed
                if changed:
                    said_s = time.monotonic()
                    self._desk.stopping.wait(GATHER_S)
                feed.wait(version, LOOK_S)
        finally:
            self._places.give_back()

    def _drawn(self, words: Words, pieces: Pieces, version: int) -> dict[str, str]:
        return self._drawings[words.language].at(version, lambda: self._draw(words, pieces))

    def _draw(self, words: Words, pieces: Pieces) -> dict[str, str]:
        values = self._values()
        return {name: pieces(f"live_{name}.html", words, values) for name in _PIECES}

    def _values(self) -> Mapping[str, Any]:
        now = self._desk.live.now()
        return {
            "now": now,
            "here": "/monitor",
            "monitored": self._desk.settings.sms.monitor_sms,
            "rows": self._desk.live.feed.newest(SHOWN),
            "cards": [card_of(modem) for modem in now.dispatch.modems] if now.dispatch else None,
            "names": {modem.id: modem.name for modem in now.dispatch.modems} if now.dispatch else {},
            "kinds": overview.STATE_KINDS,
            "feeder_kind": overview.feeder_kind,
            "feeder_names": FEEDERS,
        }


class _Drawing:
    """The pieces as HTML, drawn once for all who read the same language: anew for each version of the feed, and where
    they are older than `LOOK_S`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pieces: dict[str, str] = {}
        self._version = -1
        self._drawn_s = 0.0

    def at(self, version: int, draw: Callable[[], dict[str, str]]) -> dict[str, str]:
        with self._lock:
            old = time.monotonic() - self._drawn_s >= LOOK_S / 2
            if version > self._version or old:
                self._pieces, self._version, self._drawn_s = draw(), version, time.monotonic()
            return self._pieces


def _event(name: str, html: str) -> bytes:
    """A whole event (HTML standard, 9.2.6): each line of its data is marked as such."""
    lines = "".join(f"data: {line}\n" for line in html.splitlines() or [""])
    return f"event: {name}\n{lines}\n".encode()
