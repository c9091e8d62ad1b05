"""The route explorer: which modem takes a number, why, and at what price. Numbers never stand in an address."""

from typing import Final

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.outcome import status_of
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.visit import Visit
from otpbroker.verbs.dispatch import Route as AskRoute
from otpbroker.verbs.dispatch import RouteExplanation, RouteStep

_LONGEST_NUMBER: Final = 64


class RoutePages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/route", self.blank), post("/route", self.explained)]

    def blank(self, _visit: Visit) -> Answer:
        return self._page("")

    def explained(self, visit: Visit) -> Answer:
        number = visit.form.get("number").strip()[:_LONGEST_NUMBER]
        try:
            route = self._desk.peers.dispatch.call(AskRoute(msisdn=number))
        except BrokerError as error:
            return self._page(number, error=error)
        return self._page(number, route)

    def _page(self, number: str, route: RouteExplanation | None = None, error: BrokerError | None = None) -> Page:
        steps = [] if route is None else [(step, place(route, step)) for step in route.steps]
        values = {"number": number, "route": route, "steps": steps, "error": error}
        return Page("route.html", values, 200 if error is None else status_of(error))


def place(route: RouteExplanation, step: RouteStep) -> str:
    """Where a modem stands for this number: `first`, taking `turns`, `standby` for when those fail, or `out`."""
    if not step.eligible:
        return "out"
    if not step.chosen:
        return "standby"
    return "first" if step.modem == route.modem else "turns"
