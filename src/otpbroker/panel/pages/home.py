"""The first page: how everything fares."""

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.routes import Route, get
from otpbroker.panel.visit import Visit
from otpbroker.verbs.dispatch import Status


class HomePages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/", self.home)]

    def home(self, _visit: Visit) -> Answer:
        try:
            status = self._desk.peers.dispatch.call(Status(), 2)
        except BrokerError as error:
            return Page("home.html", {"status": None, "away": error})
        return Page("home.html", {"status": status})
