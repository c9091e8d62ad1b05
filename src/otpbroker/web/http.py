"""What passes between the HTTP edge and an application: one request, one response."""

import time
from collections.abc import Callable, Generator, Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Final, NamedTuple, Protocol

JSON: Final = "application/json"


class Incoming(NamedTuple):
    """A request whose head has arrived. `headers` has names as `Content-Type`; `read_body` takes the body from the wire
    and raises `BodyError`. `query` is what follows the question mark, as it came. `scheme` is the client's, `http` or
    `https`.
    """

    method: str
    path: str
    headers: Mapping[bytes, bytes]
    address: str
    read_body: Callable[[], bytes]
    query: str = ""
    scheme: str = "http"

    def header(self, name: str) -> str:
        """The header's value, or an empty string; octets above ASCII come as Latin-1 (RFC 9110 §5.5)."""
        return self.headers.get(name.encode(), b"").decode("latin-1")


class Response(NamedTuple):
    """`cache` is the Cache-Control header's value. With `stream`, `body` is empty: its chunks are written as they come,
    and the connection ends with them.
    """

    status: int
    body: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    cache: str = "no-store"
    stream: Generator[bytes, None, None] | None = None


class BodyError(Exception):
    """The body cannot be had: `status` 408 it came too slowly, 413 it is too large, 400 it is malformed,
    503 too many others are still arriving.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Application(Protocol):
    def __call__(self, request: Incoming) -> Response: ...

    def refuse(self, status: int) -> Response:
        """What to say where the HTTP edge itself refuses a request (400, 408, 413, 500, 503, …)."""


def encode_head(response: Response, connection: bytes) -> bytes:
    """The status line and headers; `connection` is the finished Connection header or nothing (RFC 9112 §9.3)."""
    lines = [
        _status_line(response.status),
        b"Date: ",
        _date(),
        b"\r\nCache-Control: ",
        response.cache.encode(),
        b"\r\nX-Content-Type-Options: nosniff\r\n",
        connection,
    ]
    if response.stream is None:
        lines.append(b"Content-Length: %d\r\n" % len(response.body))
    if response.body or response.stream is not None:
        lines.append(f"Content-Type: {response.content_type}\r\n".encode("latin-1"))
    lines.extend(f"{name}: {value}\r\n".encode("latin-1") for name, value in response.headers)
    lines.append(b"\r\n")
    return b"".join(lines)


_STATUS_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}


def _status_line(status: int) -> bytes:
    return _STATUS_LINES[status]


class _Clock:
    """The Date header's value, made once a second."""

    second = -1
    value = b""


def _date() -> bytes:
    now = int(time.time())
    if now != _Clock.second:
        _Clock.value = formatdate(now, usegmt=True).encode()
        _Clock.second = now
    return _Clock.value
