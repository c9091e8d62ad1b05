"""What the headers of a request ask for beside its body."""

import re
from typing import Final, NamedTuple

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.texts import Language
from otpbroker.web.http import Incoming

_LANGUAGE: Final = re.compile(r"(en|id)(?:-[a-z0-9-]+)?(?:;q=(0(?:\.[0-9]{1,3})?|1(?:\.0{1,3})?))?")
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
        _language(request.header("Accept-Language")),
        "application/problem+json" in request.header("Accept").lower(),
        "respond-async" in {part.strip().lower() for part in re.split("[,;]", request.header("Prefer"))},
    )


def _language(header: str) -> Language:
    """The preferred one of our languages (RFC 9110 §12.5.4); English where none is named."""
    best: Language = "en"
    best_quality = 0.0
    for part in header.lower().split(","):
        match = _LANGUAGE.fullmatch(part.replace(" ", ""))
        quality = float(match[2] or 1) if match else 0.0
        if match and quality > best_quality:
            best, best_quality = ("id" if match[1] == "id" else "en"), quality
    return best


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
