"""A change of the network that waits: kept, or taken back. Whoever gets here has shown that the new way works."""

from otpbroker.errors import BrokerError
from otpbroker.panel import back
from otpbroker.panel.answers import Answer, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.routes import Route, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.verbs.apply import Confirm, TakeBack, Waiting


class ConfirmPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [post("/confirm", self.keep), post("/confirm/take-back", self.take_back)]

    def keep(self, visit: Visit) -> Answer:
        return self._decided(visit, Confirm(token=self._desk.waiting.token, by=visit.admin), "confirm.kept")

    def take_back(self, visit: Visit) -> Answer:
        return self._decided(visit, TakeBack(token=self._desk.waiting.token, by=visit.admin), "confirm.taken_back")

    def _decided(self, visit: Visit, verb: Confirm | TakeBack, done: str) -> Answer:
        try:
            self._desk.peers.apply.call(verb)
        except BrokerError as error:
            return Redirect(back.safe(visit.form.get("back")), Notice("failed", error.key, error.params))
        self._desk.waiting.told(Waiting())
        return Redirect(back.safe(visit.form.get("back")), Notice("done", done))
