"""What the services log: filtered, a page at a time, or all of it as text."""

import datetime as dt
from dataclasses import dataclass
from itertools import islice
from typing import Final, Self

from otpbroker.panel.answers import Answer, Download, Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.routes import Route, get
from otpbroker.panel.visit import Visit
from otpbroker.system.clock import zone
from otpbroker.system.logbook import LEVELS, LogSource, Wanted

LINES: Final = 100
MOST_PAGES: Final = 1000
MOST_Q: Final = 100
THRESHOLDS: Final = ("WARNING", "ERROR")
KINDS: Final = {"DEBUG": "off", "INFO": "off", "WARNING": "warn", "ERROR": "bad", "CRITICAL": "bad"}


@dataclass(frozen=True, slots=True)
class Asked:
    """`level` is the least one, empty for all."""

    service: str
    level: str
    q: str

    @classmethod
    def by(cls, visit: Visit, source: LogSource) -> Self:
        service, level = visit.query.get("service"), visit.query.get("level")
        return cls(
            service if service in source.services() else "",
            level if level in THRESHOLDS else "",
            visit.query.get("q").strip()[:MOST_Q],
        )

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.service, LEVELS[LEVELS.index(self.level) :] if self.level else LEVELS, self.q)


class LogPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/logs", self.logs), get("/logs/download", self.download)]

    def logs(self, visit: Visit) -> Answer:
        source = self._desk.logs
        if source is None:
            return Page("logs.html", {"source": None})
        asked = Asked.by(visit, source)
        number = visit.query.number("page", 1, MOST_PAGES)
        lines = list(islice(source.newest(asked.wanted), (number - 1) * LINES, number * LINES + 1))
        values = {
            "source": source,
            "asked": asked,
            "services": source.services(),
            "thresholds": THRESHOLDS,
            "kinds": KINDS,
            "number": number,
            "lines": lines[:LINES],
            "more": len(lines) > LINES and number < MOST_PAGES,
        }
        return Page("logs.html", values)

    def download(self, visit: Visit) -> Answer:
        source = self._desk.logs
        there = zone(self._desk.settings.general.time_zone)
        lines = [] if source is None else list(source.newest(Asked.by(visit, source).wanted))
        told = (f"{_stamp(line.at, there)} {line.level} {line.service}: {line.text}\n" for line in reversed(lines))
        return Download("".join(told).encode(errors="replace"), "text/plain; charset=utf-8", "otpbroker-log.txt")


def _stamp(at: float, there: dt.tzinfo) -> str:
    """`2026-11-27T09:31:42.250+07:00`."""
    return dt.datetime.fromtimestamp(at, there).isoformat(timespec="milliseconds")
