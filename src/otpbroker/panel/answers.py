"""What a page may answer. How it becomes HTTP is `otpbroker.panel.app`'s affair."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from otpbroker.panel.sessions import Notice
from otpbroker.panel.words import Words


@dataclass(frozen=True, slots=True)
class Page:
    """A template of `panel/templates` and what it needs beside what every page gets (`otpbroker.panel.render`)."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Redirect:
    """To another page by GET (303), which shows `notice`. `sign_in`: the token of a new session for this browser,
    empty to take it away.
    """

    to: str
    notice: Notice | None = None
    sign_in: str | None = None
    language: Literal["", "en", "id"] = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file to keep, or to show where `name` is empty. `lasting`: it never changes under this address."""

    body: bytes
    content_type: str
    name: str = ""
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """A file to keep, made while it is sent. `chunks` raises nothing: nobody could tell a part from the whole."""

    chunks: Generator[bytes, None, None]
    content_type: str
    name: str


class Pieces(Protocol):
    """Makes HTML of one of the templates that need neither a form nor a visit."""

    def __call__(self, template: str, words: Words, values: Mapping[str, Any]) -> str: ...


@dataclass(frozen=True, slots=True)
class Events:
    """Server-sent events: `chunks`, each whole, until the generator ends. An empty chunk sends nothing, and is the
    moment to notice that the browser has gone; the first one is not empty.
    """

    chunks: Callable[[Pieces], Generator[bytes, None, None]]


Answer = Page | Redirect | Download | Stream | Events
