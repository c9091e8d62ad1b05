"""A browser's request as Bottle has parsed it, made into a `Visit`."""

import secrets
from collections.abc import Callable
from typing import Any, Final

import bottle

from otpbroker.panel.forgery import Tokens
from otpbroker.panel.language import chosen
from otpbroker.panel.refused import Refused
from otpbroker.panel.sessions import Session
from otpbroker.panel.visit import Fields, Visit
from otpbroker.panel.words import Words
from otpbroker.texts import Language
from otpbroker.web.http import BodyError

SESSION: Final = "otpb_session"
GUEST: Final = "otpb_guest"  # what a token is bound to before anybody has signed in
LANGUAGE: Final = "otpb_language"
COOKIE: Final = {"path": "/", "httponly": True, "samesite": "strict"}
SET_UP_SIDE: Final = "otpbroker.set_up_side"  # in the WSGI environment: put there by who listens

bottle.BaseRequest.MEMFILE_MAX = 2 * 1024 * 1024  # above any body: nothing of it ever goes to a temporary file


def header(name: str) -> str:
    """Octets above ASCII come as Latin-1; Bottle's own way of asking raises for those that are not UTF-8."""
    value: str = bottle.request.environ.get(f"HTTP_{name.upper().replace('-', '_')}", "")
    return value


def cookie(name: str) -> str:
    value: str = bottle.request.get_cookie(name) or ""
    return value


def is_secure() -> bool:
    """Whether the browser speaks HTTPS with the device."""
    return bool(bottle.request.environ["wsgi.url_scheme"] == "https")


def visit_of(session: Session | None, tokens: Tokens, fallback: Language) -> Visit:
    """The present request, its form not read yet."""
    request = bottle.request
    try:
        query = _fields(request.query)
    except UnicodeError:
        query = Fields()
    return Visit(
        request.method,
        request.environ["PATH_INFO"],
        query,
        Fields(),
        {},
        Words(chosen(cookie(LANGUAGE), header("Accept-Language"), fallback)),
        request.environ["REMOTE_ADDR"],  # Bottle's own way believes whoever says X-Forwarded-For
        header("Host"),
        header("User-Agent"),
        header("HX-Request") == "true",
        is_secure(),
        bool(request.environ.get(SET_UP_SIDE)),
        _token_maker(tokens, signed_in=session is not None),
        session,
        cookie(GUEST),
    )


def _token_maker(tokens: Tokens, *, signed_in: bool) -> Callable[[], str]:
    if signed_in:
        return lambda: tokens.make(cookie(SESSION))

    def for_guest() -> str:
        found = cookie(GUEST)
        if not found:
            found = secrets.token_urlsafe(16)
            bottle.response.set_cookie(GUEST, found, secure=is_secure(), **COOKIE)
        return tokens.make(found)

    return for_guest


def form_of(most_octets: int) -> tuple[Fields, dict[str, list[bytes]]]:
    """The form of the present request and its uploads. Raises `Refused` for one that is too large or unreadable."""
    request = bottle.request
    if header("Transfer-Encoding"):  # no browser sends a form without its length
        raise Refused(411, "refused.body")
    if request.content_length > most_octets:
        raise Refused(413, "refused.too_large")
    try:
        return _fields(request.forms), _uploads(request.files)
    except BodyError as error:
        raise Refused(error.status, "refused.body") from None
    except (bottle.HTTPError, ValueError, LookupError):  # also what is not UTF-8, or in a charset that there is not
        raise Refused(400, "refused.body") from None


def _fields(forms: Any) -> Fields:
    """Raises UnicodeError for what is not UTF-8."""
    decoded = forms.decode()
    return Fields({name: decoded.getall(name) for name in decoded})


def _uploads(files: Any) -> dict[str, list[bytes]]:
    """A field that was left empty has one upload without a name and without octets."""
    found = {name: [upload.file.read() for upload in files.getall(name)] for name in files}
    return {name: list(filter(None, contents)) for name, contents in found.items()}
