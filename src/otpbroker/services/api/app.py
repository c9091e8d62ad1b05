"""The REST API (SPEC §5.1, §5.2): from an HTTP request to a response."""

import time
from collections.abc import Callable
from typing import Final

from otpbroker.doors.commands import Commands, refusal
from otpbroker.doors.contract import Outcome, Sender
from otpbroker.doors.results import Refused
from otpbroker.envelope.parse import read_command, read_frame
from otpbroker.envelope.reply import Reply
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.services.api import status
from otpbroker.services.api.asking import Asking, asking, idempotency_key
from otpbroker.services.api.metrics import Metrics
from otpbroker.system.workers import Places
from otpbroker.texts import translate
from otpbroker.web.basic_auth import BasicAuth
from otpbroker.web.body import MAX_BODY_OCTETS
from otpbroker.web.http import Incoming, Response

MESSAGES: Final = "/api/messages/"
_HTTP_REFUSALS: Final[dict[int, BrokerError]] = {
    401: BrokerError(ResponseCode.UNAUTHORIZED, "auth.required"),
    405: BrokerError(ResponseCode.INVALID_REQUEST, "http.method", allowed="GET, HEAD, POST, PUT"),
    408: BrokerError(ResponseCode.INVALID_REQUEST, "http.timeout"),
    413: BrokerError(ResponseCode.INVALID_REQUEST, "http.too_large", max=MAX_BODY_OCTETS),
    500: BrokerError(ResponseCode.FAILED, "http.unexpected"),
    503: BrokerError(ResponseCode.LIMIT, "http.busy", retry_after_s=1),
}
_MALFORMED: Final = BrokerError(ResponseCode.INVALID_REQUEST, "http.bad_request")
Page = Callable[[], Response]
_Said = tuple[Response, str]


class Api:
    """`pages` answer GET without a password (health, metrics, the OpenAPI document). `places` bound how many requests
    wait for another process at once.
    """

    def __init__(self, auth: BasicAuth, commands: Commands, metrics: Metrics, places: Places) -> None:
        self._auth = auth
        self._places = places
        self._commands = commands
        self._metrics = metrics
        self.command_paths: frozenset[str] = frozenset()
        self.pages: dict[str, Page] = {}

    def __call__(self, request: Incoming) -> Response:
        started = time.perf_counter()
        response, code = self._route(request)
        self._metrics.observe(response.status, code, time.perf_counter() - started)
        return response

    def refuse(self, http_status: int) -> Response:
        error = _HTTP_REFUSALS.get(http_status, _MALFORMED)
        response, code = _refusal(error, Asking(), http_status=http_status)
        self._metrics.observe(http_status, code, 0.0)
        return response

    def _route(self, request: Incoming) -> _Said:
        wishes = asking(request)
        try:
            if request.path in self.command_paths:
                _allow(request, "POST", "PUT")
                return self._command(request, wishes)
            if request.path.startswith(MESSAGES):
                _allow(request, "GET", "HEAD")
                return self._message(request, wishes)
            return self._page(request)
        except BrokerError as error:
            return _refusal(error, wishes)

    def _page(self, request: Incoming) -> _Said:
        page = self.pages.get(request.path)
        if page is None:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "http.not_found")
        _allow(request, "GET", "HEAD")
        return page(), ""

    def _command(self, request: Incoming, wishes: Asking) -> _Said:
        """The password is checked before the body is read."""
        user = self._user(request)
        frame = read_frame(request.read_body())
        try:
            sender = Sender(user, wishes.language, wishes.respond_async, idempotency_key(request))
            command = read_command(frame)
            with self._places.one(_busy):
                outcome = self._commands.run(command, sender)
        except BrokerError as error:
            return _answer_refusal(error, wishes, refusal(frame, error, wishes.language))
        return _answer(outcome, wishes)

    def _message(self, request: Incoming, wishes: Asking) -> _Said:
        sender = Sender(self._user(request), wishes.language)
        with self._places.one(_busy):
            reply = self._commands.message(request.path.removeprefix(MESSAGES), sender).reply
        return status.response(200, reply), reply.response_code

    def _user(self, request: Incoming) -> str:
        return self._auth.user(request.headers.get(b"Authorization", b""), request.address)


def _allow(request: Incoming, *methods: str) -> None:
    if request.method not in methods:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "http.method", allowed=", ".join(methods))


def _busy() -> BrokerError:
    return BrokerError(ResponseCode.LIMIT, "http.busy", retry_after_s=1)


def _refusal(error: BrokerError, wishes: Asking, *, http_status: int = 0) -> _Said:
    """An answer to what is no command."""
    text = translate(error.key, error.params, wishes.language)
    return _answer_refusal(error, wishes, Reply("", error.code, text, Refused(reason=error.key)), http_status)


def _answer_refusal(error: BrokerError, wishes: Asking, reply: Reply, http_status: int = 0) -> _Said:
    code = http_status or status.of_error(error)
    return status.response(code, reply, status.headers_of(error, code), problem=wishes.problem), error.code


def _answer(outcome: Outcome, wishes: Asking) -> _Said:
    reply = outcome.reply
    if not outcome.pending_id:
        code = status.of_code(reply.response_code)
        return status.response(code, reply, problem=wishes.problem), reply.response_code
    headers = [("Location", MESSAGES + outcome.pending_id)]
    if wishes.respond_async:
        headers.append(("Preference-Applied", "respond-async"))
    return status.response(202, reply, tuple(headers)), reply.response_code
