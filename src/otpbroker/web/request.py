"""One request on its way through cheroot's parser to an application."""

from typing import TYPE_CHECKING, Final

import cheroot.server

from otpbroker.web import body
from otpbroker.web.headers import Lines, read_headers
from otpbroker.web.http import BodyError, Incoming, Response

if TYPE_CHECKING:
    from otpbroker.web.connection import Connection
    from otpbroker.web.server import Server

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class Request(cheroot.server.HTTPRequest):
    """Parsed by cheroot, but for the headers and the body; answered in one write."""

    def __init__(self, server: "Server", conn: "Connection") -> None:
        super().__init__(server, conn)
        self.method = b""
        self._expects_continue = False
        self._unread_octets: int | None = 0  # None: a chunked body of unknown length

    def read_request_line(self) -> bool:
        """Cheroot lets a ValueError of urlsplit through (`GET //[ HTTP/1.1`)."""
        try:
            understood: bool = super().read_request_line()  # type: ignore[no-untyped-call]
        except ValueError:
            self.simple_response("400 Bad Request")
            return False
        return understood

    def header_reader(self, lines: Lines, headers: dict[bytes, bytes]) -> None:
        """Cheroot's hook. 100 Continue is sent by `_read_body` only, when the application wants the body."""
        read_headers(lines, headers)
        self._expects_continue = headers.pop(b"Expect", b"").lower() == b"100-continue"

    def respond(self) -> None:
        """Ask the application, and write what it says."""
        self._unread_octets = None if self.chunked_read else int(self.inheaders.get(b"Content-Length", 0))
        app = self.server.app
        address, scheme = self._client()
        try:
            response = app(
                Incoming(
                    self.method.decode("latin-1"),
                    self.path.decode("latin-1"),
                    self.inheaders,
                    address,
                    self._read_body,
                    self.qs.decode("latin-1"),
                    scheme,
                )
            )
        except BodyError as error:
            response = app.refuse(error.status)
        self._send(response)

    def _client(self) -> tuple[str, str]:
        """Who asks, and by which scheme. The network edge tells of itself; nobody else is asked."""
        if not self.server.behind_edge:
            return self.conn.remote_addr, "http" if self.server.secured is None else "https"
        secure = self.inheaders.get(b"X-Forwarded-Proto") == b"https"
        return self.inheaders.get(b"X-Real-Ip", b"").decode("latin-1"), "https" if secure else "http"

    def _read_body(self) -> bytes:
        length = self._unread_octets
        stream = self.conn.stream
        if self._expects_continue and stream.buffered == 0:
            stream.write_now(_CONTINUE)
        if length is not None and length <= stream.buffered:
            octets = body.read_known(stream, length)
        else:
            with self.server.body_places.one(lambda: BodyError(503)):
                octets = self._read_slowly(length)
        self._unread_octets = 0
        return octets

    def _read_slowly(self, length: int | None) -> bytes:
        if length is None:
            return body.read_chunked(self.conn.stream, self.server.max_request_body_size)
        return body.read_known(self.conn.stream, length)

    def simple_response(self, status: str, msg: str = "") -> None:
        """What cheroot refuses while it parses goes out in the application's words."""
        del msg
        self._unread_octets = None
        self._send(self.server.app.refuse(int(str(status)[:3])))

    def _send(self, response: Response) -> None:
        self._pass_over_body()
        if not self.server.ready or response.stream is not None:
            self.close_connection = True
        option = b""
        if self.close_connection:
            option = b"Connection: close\r\n"
        elif self.response_protocol == "HTTP/1.0":
            option = b"Connection: Keep-Alive\r\n"
        self.conn.send(response, option, with_body=self.method != b"HEAD")

    def _pass_over_body(self) -> None:
        """A body nobody asked for is dropped where it has arrived; it is never waited for."""
        unread = self._unread_octets
        if unread is not None and unread <= self.conn.stream.buffered:
            self.conn.stream.read(unread)
        else:
            self.close_connection = self.conn.lingering = True
