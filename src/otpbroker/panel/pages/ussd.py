"""USSD by one modem, answer by answer. What was asked and answered stands in the answer to that request only."""

import re
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.modem_choice import modem_choice
from otpbroker.panel.outcome import status_of
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.visit import Visit
from otpbroker.verbs.dispatch import Ussd, UssdAnswer, UssdCancel

TIMEOUT_S: Final = 60.0
_GRACE_S: Final = 10.0
_CODE: Final = re.compile(r"[0-9*#+]{1,160}")
# What people dial most: the balance. A code and whose it is.
PRESETS: Final = (
    ("*888#", "Telkomsel, Axis"),
    ("*123#", "IM3, XL"),
    ("*111#", "Tri"),
    ("*999#", "Smartfren"),
)
_STATUSES: Final = range(6)
_UNPLUGGED: Final = frozenset({"modem.port_missing", "modem.unplugged", "modem.state.absent"})


class UssdPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/ussd", self.blank), post("/ussd", self.run), post("/ussd/cancel", self.cancel)]

    def blank(self, visit: Visit) -> Answer:
        """`?modem=` chooses one."""
        return self._page(visit.query.get("modem"))

    def run(self, visit: Visit) -> Answer:
        """A code, or what a session that is open is answered."""
        modem = visit.form.get("modem")
        code = "".join(visit.form.get("code").split())
        if not _CODE.fullmatch(code):
            return self._page(modem, code, error=BrokerError(ResponseCode.INVALID_REQUEST, "modem.ussd_invalid"))
        try:
            with self._desk.slow.place():
                verb = Ussd(modem=modem, code=code, timeout_s=TIMEOUT_S)
                answer = self._desk.peers.dispatch.call(verb, TIMEOUT_S + _GRACE_S)
        except BrokerError as error:
            return self._page(modem, code, error=error)
        self._desk.record(visit, "audit.ussd", modem)  # a code may hold a PIN
        return self._page(modem, code if code[0] in "*#" and answer.status != 1 else "", answer)

    def cancel(self, visit: Visit) -> Answer:
        modem = visit.form.get("modem")
        try:
            with self._desk.slow.place():
                self._desk.peers.dispatch.call(UssdCancel(modem=modem), TIMEOUT_S)
        except BrokerError as error:
            return self._page(modem, error=error)
        return self._page(modem, cancelled=True)

    def _page(
        self,
        modem: str,
        code: str = "",
        answer: UssdAnswer | None = None,
        *,
        error: BrokerError | None = None,
        cancelled: bool = False,
    ) -> Page:
        values = {
            "modems": modem_choice(self._desk),
            "modem": modem,
            "code": code,
            "presets": PRESETS,
            "answer": answer,
            "said": answer is not None and answer.status in _STATUSES,
            "error": error,
            "wrong_code": error is not None and error.key == "modem.ussd_invalid",
            "unplugged": error is not None and (error.key in _UNPLUGGED or error.code == ResponseCode.PORT_MISSING),
            "cancelled": cancelled,
            "timeout_s": int(TIMEOUT_S),
        }
        return Page("ussd.html", values, 200 if error is None else status_of(error))
