"""What nginx says by itself, where a request reached no service: our JSON at the API's ports, a page at the panel's."""

import html
import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from otpbroker.errors import ResponseCode
from otpbroker.network.directives import Directive, block, line, literal
from otpbroker.texts import TABLES, Language, translate

API_BODY_OCTETS: Final = 16 * 1024
AGAIN_S: Final = 5  # after so long a page of the panel tries again
_NOWHERE: Final = "/!"  # no path of the settings begins so


class _Refusal(NamedTuple):
    """`statuses` are nginx's own, answered as `status`; `retry_after_s` 0: waiting does not help."""

    name: str
    statuses: tuple[int, ...]
    status: int
    code: ResponseCode
    key: str
    retry_after_s: int = 0


_INVALID: Final = ResponseCode.INVALID_REQUEST
_API: Final = (
    _Refusal("malformed", (400, 421, 494, 495, 496, 497, 505), 400, _INVALID, "http.bad_request"),
    _Refusal("nothing", (404,), 404, _INVALID, "http.not_found"),
    _Refusal("method", (405,), 405, _INVALID, "http.method"),
    _Refusal("large", (413,), 413, _INVALID, "http.too_large"),
    _Refusal("long", (414,), 414, _INVALID, "http.bad_request"),
    _Refusal("coding", (501,), 501, _INVALID, "http.bad_request"),
    _Refusal("many", (429,), 429, ResponseCode.LIMIT, "http.busy", 1),
    _Refusal("busy", (500, 503), 503, ResponseCode.LIMIT, "http.busy", 1),
    _Refusal("starting", (), 503, ResponseCode.FAILED, "edge.starting", 2),
    _Refusal("lost", (), 502, ResponseCode.OUTCOME_UNKNOWN, "edge.lost"),
    _Refusal("fresh", (), 503, ResponseCode.FAILED, "edge.no_administrator", 30),
)
_ALLOWED: Final = "GET, HEAD, POST, PUT"
_PARAMS: Final[dict[str, str | int]] = {"max": API_BODY_OCTETS, "allowed": _ALLOWED}
_PANEL: Final = (
    ((400, 405, 414, 421, 494, 495, 496, 497, 501, 505), 400, "edge.page_malformed", 0),
    ((413,), 413, "edge.page_too_large", 0),
    ((429,), 429, "edge.page_too_many", AGAIN_S),
    ((500, 502, 503, 504), 503, "edge.page_starting", AGAIN_S),
)


def maps() -> Iterator[Directive]:
    """For the `http` block: the sentences of all refusals, in the language that the client prefers."""
    for refusal in _API:
        indonesian = line("~*^ *id([-,;]|$)", _json(refusal, "id"))
        yield block(
            "map",
            "$http_accept_language",
            f"$otpb_{refusal.name}",
            holds=(line("default", _json(refusal, "en")), indonesian),
        )
    # The service had the request when its connection broke: what became of it, nobody knows.
    reached = line("~[1-9]", f"{_NOWHERE}lost")
    yield block("map", "$upstream_bytes_sent", "$otpb_gone", holds=(line("default", f"{_NOWHERE}starting"), reached))


def _json(refusal: _Refusal, language: Language) -> str:
    """SPEC §5.1; field by field as `otpbroker.envelope.reply.Reply`."""
    reply = {
        "command": "",
        "response_code": refusal.code.value,
        "response_text": translate(refusal.key, _PARAMS, language),
        "data": {"reason": refusal.key},
    }
    return literal(json.dumps(reply, ensure_ascii=False, separators=(",", ":")))


def of_api() -> Iterator[Directive]:
    """For a server of the API."""
    for refusal in _API:
        for status in refusal.statuses:
            yield line("error_page", status, f"={refusal.status}", _NOWHERE + refusal.name)
    yield line("error_page", 502, 504, "=", "$otpb_gone")
    for refusal in _API:
        yield block("location", "=", _NOWHERE + refusal.name, holds=_said(refusal))


def _said(refusal: _Refusal) -> Iterator[Directive]:
    yield line("internal")
    yield from refused(refusal.status, f"$otpb_{refusal.name}", "application/json", refusal.retry_after_s)
    if refusal.status == 405:
        yield line("add_header", "Allow", _ALLOWED, "always")


def refused(status: int, body: str, content_type: str, retry_after_s: int = 0) -> Iterator[Directive]:
    """An answer whose body is `body`."""
    yield line("default_type", content_type)
    yield line("add_header", "Cache-Control", "no-store", "always")
    yield line("add_header", "X-Content-Type-Options", "nosniff", "always")
    if retry_after_s:
        yield line("add_header", "Retry-After", retry_after_s, "always")
    yield line("return", status, body)


def no_administrator() -> Iterator[Directive]:
    """For a location: the device does nothing for anybody until somebody answers for it."""
    (fresh,) = (refusal for refusal in _API if refusal.name == "fresh")
    return refused(fresh.status, "$otpb_fresh", "application/json", fresh.retry_after_s)


def of_panel() -> Iterator[Directive]:
    """For a server of the panel."""
    for statuses, status, key, again_s in _PANEL:
        place = _NOWHERE + key.rpartition("_")[2]
        yield line("error_page", *statuses, f"={status}", place)
        page = (line("internal"), *refused(status, _page(key, again_s), "text/html; charset=utf-8", again_s))
        yield block("location", "=", place, holds=page)


def _page(key: str, again_s: int) -> str:
    """Both languages, since nobody has read what the browser prefers."""
    again = f'<meta http-equiv="refresh" content="{again_s}">' if again_s else ""
    said = "".join(f'<p lang="{language}">{html.escape(translate(key, {}, language))}' for language in sorted(TABLES))
    return literal(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light dark">{again}<title>OTP Broker</title><h1>OTP Broker</h1>{said}'
    )
