"""Where somebody goes on after signing in or choosing a language: a page of this panel, never another site."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from otpbroker.panel.visit import Visit

HOME: Final = "/"
_LONGEST: Final = 500


def safe(address: str) -> str:
    """`address` where it is a path of ours, else the first page. Browsers take a backslash for a slash."""
    ours = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if ours and address.isprintable() and len(address) <= _LONGEST else HOME


def of_visit(visit: Visit, pages: Collection[str], came_from: str) -> str:
    """The page that `visit` is about: its own, or for what is no page the one that it `came_from` (a whole address)."""
    if visit.path in pages and not visit.piece:
        return safe(visit.here)
    try:
        parts = urlsplit(came_from)
    except ValueError:
        return HOME
    if parts.netloc != visit.host or parts.path not in pages:
        return HOME
    return safe(f"{parts.path}?{parts.query}" if parts.query else parts.path)
