"""What the headers of a request ask for beside its body."""

import re
from typing import Final, NamedTuple

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.texts import Language
from otpbroker.web.http import Incoming
from otpbroker.web.languages import preferred

_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")


class Asking(NamedTuple):
    """`problem`: refusals as RFC 9457 documents. `respond_async`: RFC 7240, answer before the outcome is known."""

    language: Language = "en"
    problem: bool = False
    respond_async: bool = False


def asking(request: Incoming) -> Asking:
    headers = request.headers
    if b"Accept-Language" not in headers and b"Prefer" not in headers and b"Accept" not in headers:
        return Asking()
    return Asking(
        preferred(request.header("Accept-Language")) or "en",
        "application/problem+json" in request.header("Accept").lower(),
        "respond-async" in {part.strip().lower() for part in re.split("[,;]", request.header("Prefer"))},
    )


def idempotency_key(request: Incoming) -> str:
    """The Idempotency-Key header, empty where there is none. Raises `BrokerError` 1105 where it is not printable ASCII
    of at most 255 characters.
    """
    if b"Idempotency-Key" not in request.headers:
        return ""
    key = request.header("Idempotency-Key")
    if not _KEY.fullmatch(key):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "http.bad_header", name="Idempotency-Key")
    return key
