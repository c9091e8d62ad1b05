"""The pages that need no password: health, metrics, and the OpenAPI document."""

from typing import Final

import msgspec
from msgspec import Struct

from otpbroker.doors.contract import Mail
from otpbroker.errors import BrokerError
from otpbroker.services.api.fleet import Fleet, can_send
from otpbroker.services.api.metrics import CONTENT_TYPE, Metrics
from otpbroker.verbs.mail import MailStatus
from otpbroker.web.basic_auth import BasicAuth
from otpbroker.web.http import Response

MAIL_TIMEOUT_S: Final = 2.0


class Word(Struct, frozen=True):
    """`status` in one phrase."""

    status: str


class Pages:
    def __init__(self, fleet: Fleet, mail: Mail, metrics: Metrics, auth: BasicAuth) -> None:
        self._fleet = fleet
        self._mail = mail
        self._metrics = metrics
        self._auth = auth

    def healthz(self) -> Response:
        """Always well: the answer itself is the word."""
        return _word(200, "ok")

    def readyz(self) -> Response:
        """Dispatch answers and at least one modem can send for this door."""
        status = self._fleet.status()
        if status is None:
            return _word(503, "dispatch does not answer")
        if not any(can_send(modem) for modem in status.modems):
            return _word(503, "no modem can send")
        return _word(200, "ready")

    def metrics(self) -> Response:
        try:
            mail = self._mail.call(MailStatus(), MAIL_TIMEOUT_S)
        except BrokerError:
            mail = None
        return Response(200, self._metrics.render(self._auth.failures, self._fleet.status(), mail), CONTENT_TYPE)


def _word(status: int, word: str) -> Response:
    return Response(status, msgspec.json.encode(Word(word)))
