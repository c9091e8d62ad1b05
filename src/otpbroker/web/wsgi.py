"""A WSGI application (PEP 3333) behind our HTTP edge."""

import io
from collections.abc import Callable, Generator, Iterable
from typing import Any, Final

from otpbroker.web.http import Incoming, Response

Environ = dict[str, Any]
StartResponse = Callable[..., object]
WsgiApplication = Callable[[Environ, StartResponse], Iterable[bytes]]
_CGI_NAMES: Final = ("CONTENT_TYPE", "CONTENT_LENGTH")  # the two that PEP 3333 gives without HTTP_
_OWN: Final = frozenset({"content-length", "content-type", "cache-control", "x-content-type-options"})


class Wsgi:
    """`refusal` makes what is said where the HTTP edge itself refuses a request."""

    def __init__(self, app: WsgiApplication, refusal: Callable[[int], Response]) -> None:
        self._app = app
        self.refuse = refusal

    def __call__(self, request: Incoming) -> Response:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
            started.append((status, headers))

        chunks = self._app(_environ(request), start_response)
        status, headers = started[-1]
        named = {name.lower(): value for name, value in headers}
        others = tuple((name, value) for name, value in headers if name.lower() not in _OWN)
        sized = "content-length" in named or status[:3] in ("204", "304")
        return Response(
            int(status[:3]),
            _whole(chunks) if sized else b"",
            named.get("content-type", ""),
            others,
            named.get("cache-control", "no-store"),
            None if sized else _stream(chunks),
        )


def _whole(chunks: Iterable[bytes]) -> bytes:
    try:
        return b"".join(chunks)
    finally:
        _close(chunks)


def _stream(chunks: Iterable[bytes]) -> Generator[bytes, None, None]:
    try:
        yield from chunks
    finally:
        _close(chunks)


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


def _environ(request: Incoming) -> Environ:
    environ: Environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": "otpbroker",
        "SERVER_PORT": "0",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.address,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": _Body(request.read_body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in request.headers.items():
        key = name.decode("latin-1").upper().replace("-", "_")
        environ[key if key in _CGI_NAMES else f"HTTP_{key}"] = value.decode("latin-1")
    return environ


class _Body:
    """Taken from the wire when the application first reads it, so that it may look at the head before."""

    def __init__(self, read_body: Callable[[], bytes]) -> None:
        self._read_body = read_body
        self._octets: io.BytesIO | None = None

    def read(self, size: int = -1) -> bytes:
        if self._octets is None:
            self._octets = io.BytesIO(self._read_body())
        return self._octets.read(size)
