"""Which HTTP status carries which response code (SPEC §5.2), and the two forms of a body."""

import math
from http import HTTPStatus
from typing import Any, Final

import msgspec
from msgspec import Struct

from otpbroker.envelope.reply import Reply
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.web.basic_auth import CHALLENGE
from otpbroker.web.http import Response

PROBLEM_JSON: Final = "application/problem+json"
BY_CODE: Final[dict[ResponseCode, int]] = {
    ResponseCode.INVALID_REQUEST: 400,
    ResponseCode.UNKNOWN_COMMAND: 400,
    ResponseCode.UNAUTHORIZED: 401,
    ResponseCode.LIMIT: 429,
}
BY_KEY: Final[dict[str, int]] = {
    "idempotency.other_content": 422,
    "queue.full": 503,
    "http.busy": 503,
    "http.not_found": 404,
    "message.unknown": 404,
    "http.method": 405,
    "http.timeout": 408,
    "http.too_large": 413,
    "http.unexpected": 500,
}
ENCODER: Final = msgspec.json.Encoder()


class Problem(Struct, frozen=True, omit_defaults=True):
    """RFC 9457; the members after `detail` are ours."""

    type: str
    title: str
    status: int
    detail: str
    response_code: ResponseCode
    command: str = ""
    data: Any = None


def of_error(error: BrokerError) -> int:
    """A failure that passes by waiting is the service's, not the message's: 503."""
    if error.code is ResponseCode.FAILED and error.retry_after_s is not None:
        return 503
    return BY_KEY.get(error.key) or BY_CODE.get(error.code, 200)


def of_code(code: ResponseCode) -> int:
    return BY_CODE.get(code, 200)


def headers_of(error: BrokerError, status: int) -> tuple[tuple[str, str], ...]:
    """The headers that HTTP wants beside a refusal."""
    headers: list[tuple[str, str]] = []
    if status == 401:
        headers.append(CHALLENGE)
    if status == 405:
        headers.append(("Allow", str(error.params["allowed"])))
    if status in (429, 503):
        headers.append(("Retry-After", str(math.ceil(error.retry_after_s or 1))))
    return tuple(headers)


def response(
    status: int, reply: Reply, headers: tuple[tuple[str, str], ...] = (), *, problem: bool = False
) -> Response:
    """`reply` over HTTP; as a problem document where the client asked for those and it is one."""
    if not (problem and status >= 400):
        return Response(status, ENCODER.encode(reply), headers=headers)
    document = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=reply.response_text,
        response_code=reply.response_code,
        command=reply.command,
        data=reply.data or None,
    )
    return Response(status, ENCODER.encode(document), PROBLEM_JSON, headers)
