"""An `Answer` as HTTP, by Bottle: headers, cookies, compression."""

import gzip
from typing import Any, Final

import bottle

from otpbroker.panel.answers import Answer, Download, Events, Page, Redirect, Stream
from otpbroker.panel.render import Renderer
from otpbroker.panel.request import COOKIE, GUEST, LANGUAGE, SESSION, header
from otpbroker.panel.visit import Visit

HTML: Final = "text/html; charset=utf-8"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR_S: Final = 365 * 86400
_LEAST_PACKED: Final = 512


def reply(answer: Answer, visit: Visit, renderer: Renderer) -> Any:
    """What Bottle is to return for `answer`."""
    response = bottle.response
    for name, value in HEADERS.items():
        response.set_header(name, value)
    match answer:
        case Page():
            response.status = answer.status
            return _packed(renderer.html(answer, visit).encode(), HTML)
        case Redirect():
            return _redirect(answer, visit)
        case Download():
            return _file(answer)
        case Stream():
            response.content_type = answer.content_type
            response.set_header("Content-Disposition", f'attachment; filename="{answer.name}"')
            return answer.chunks
        case Events():
            response.content_type = "text/event-stream"
            response.set_header("X-Accel-Buffering", "no")
            return answer.chunks(renderer.piece)


def _redirect(answer: Redirect, visit: Visit) -> bytes:
    response = bottle.response
    kept = {**COOKIE, "secure": visit.secure}
    if answer.notice is not None and visit.session is not None:
        visit.session.notices.append(answer.notice)
    if answer.sign_in:
        response.set_cookie(SESSION, answer.sign_in, **kept)
        response.delete_cookie(GUEST, **kept)
    elif answer.sign_in is not None:
        response.delete_cookie(SESSION, **kept)
    if answer.language:
        response.set_cookie(LANGUAGE, answer.language, max_age=_YEAR_S, **kept)
    if header("HX-Request") == "true":
        response.status = 204
        response.set_header("HX-Redirect", answer.to)
    else:
        response.status = 303
        response.set_header("Location", answer.to)
    return b""


def _file(answer: Download) -> bytes:
    if answer.lasting:
        bottle.response.set_header("Cache-Control", "public, max-age=31536000, immutable")
    if answer.name:
        bottle.response.set_header("Content-Disposition", f'attachment; filename="{answer.name}"')
    return _packed(answer.body, answer.content_type)


def _packed(octets: bytes, content_type: str) -> bytes:
    """Compressed where the browser takes it and it is worth it."""
    response = bottle.response
    response.content_type = content_type
    response.set_header("Vary", "Accept-Encoding")
    if len(octets) >= _LEAST_PACKED and "gzip" in header("Accept-Encoding"):
        response.set_header("Content-Encoding", "gzip")
        octets = gzip.compress(octets, 6, mtime=0)
    return octets
