"""One request of a browser, as a page sees it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import quote, urlencode

from otpbroker.panel.sessions import Session
from otpbroker.panel.words import Words


class Fields:
    """What a form or a query holds; a name may have several values."""

    def __init__(self, values: Mapping[str, Sequence[str]] | None = None) -> None:
        self._values = dict(values or {})

    def get(self, name: str, default: str = "") -> str:
        """The first value."""
        found = self._values.get(name)
        return found[0] if found else default

    def all(self, name: str) -> Sequence[str]:
        return self._values.get(name, ())

    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self._values.items() for value in values]

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`; `default` for anything else."""
        text = self.get(name)
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
        return value if 1 <= value <= most else default

    def __contains__(self, name: object) -> bool:
        return name in self._values


@dataclass(frozen=True, slots=True)
class Visit:
    """`piece`: a script asks for a part of the page (htmx). `secure`: by HTTPS. `set_up_side`: the request came from
    where the first administrator may be made. `files` are uploads by field name, in memory; a field may have several,
    and none has an empty one. `token` makes a CSRF token for a form. `guest` is this browser's own name while nobody is
    signed in, known to it and us.
    """

    method: str
    path: str
    query: Fields
    form: Fields
    files: Mapping[str, Sequence[bytes]]
    words: Words
    address: str
    host: str
    agent: str
    piece: bool
    secure: bool
    set_up_side: bool
    token: Callable[[], str]
    session: Session | None = None
    guest: str = ""

    @property
    def here(self) -> str:
        """The address of this page, with its query."""
        pairs = self.query.pairs()
        return f"{quote(self.path)}?{urlencode(pairs, quote_via=quote)}" if pairs else quote(self.path)

    @property
    def admin(self) -> str:
        """The user name of who is signed in; pages that need a session only."""
        if self.session is None:
            raise AssertionError("a page without access control asks who is signed in")
        return self.session.username

    def with_form(self, form: Fields, files: Mapping[str, Sequence[bytes]]) -> Self:
        return replace(self, form=form, files=files)
