"""How the machine and its services fare, and how they fared."""

import platform

from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.curves import Curves
from otpbroker.panel.desk import Desk
from otpbroker.panel.live.history import SPANS, Span
from otpbroker.panel.overview import power
from otpbroker.panel.pages.network import shown
from otpbroker.panel.routes import Route, get
from otpbroker.panel.visit import Visit


class ServerPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/server", self.server)]

    def server(self, visit: Visit) -> Answer:
        now = self._desk.live.now()
        span = span_of(visit)
        curves = Curves.of(self._desk, span, visit)
        figures = (
            curves.chart("server.usage", "%", "cpu", "memory", "storage"),
            curves.chart("server.temperature", "°C", "temperature"),
            curves.chart("server.load", "", "load"),
        )
        values = {
            "now": now,
            "here": "/server",
            **shown(self._desk),
            "power": power(now.machine),
            "python": platform.python_version(),
            "span": span,
            "spans": tuple(SPANS),
            "figures": [chart for chart in figures if chart is not None],
        }
        return Page("server.html", values)


def span_of(visit: Visit) -> Span:
    asked = visit.query.get("span")
    return next((span for span in SPANS if span == asked), "hour")
