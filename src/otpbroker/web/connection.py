"""One client connection. It is either waiting in the server's `Room` or in the hands of one worker, never both."""

import contextlib
import logging
import socket
from typing import TYPE_CHECKING, Final

from otpbroker.web.http import Response, encode_head
from otpbroker.web.request import Request
from otpbroker.web.stream import Stream

if TYPE_CHECKING:
    from otpbroker.web.server import Server

_LOG: Final = logging.getLogger(__name__)
BODY_TIMEOUT_S: Final = 5.0


class Connection:
    """`rfile`, `wfile`, `ssl_env` and the remote address are what cheroot asks a connection for."""

    ssl_env: Final[dict[str, str]] = {}
    remote_port: Final = 0

    def __init__(self, server: "Server", stream: Stream, address: str) -> None:
        self.server = server
        self.rfile = self.wfile = self.stream = stream
        self.remote_addr = address
        self.lingering = False
        self.deadline = 0.0
        self._keep = False

    def serve(self) -> None:
        """Answer the request whose head has arrived."""
        self._keep = False
        try:
            self._keep = self._answer()
        except OSError:
            self.lingering = False  # the client has gone or is too slow: nobody is left to tell
        except Exception:  # noqa: BLE001 - one request never ends the service; the log names type and place only
            _LOG.exception("unexpected error while answering a request")
            self._say(500)

    def pass_on(self) -> None:
        """Back to the room for the next request, or away."""
        if self.lingering:
            self.server.linger(self)
        elif self._keep:
            self.server.put_conn(self)
        else:
            self.stream.close()

    def _answer(self) -> bool:
        """Read one request and answer it; True when the connection may carry another one."""
        self.stream.set_deadline(BODY_TIMEOUT_S)
        request = Request(self.server, self)
        request.parse_request()
        if request.ready:
            request.respond()
        return not request.close_connection

    def send(self, response: Response, connection: bytes, *, with_body: bool = True) -> None:
        """Write `response`. An empty chunk of its stream is the moment to look whether the client has gone."""
        head = encode_head(response, connection)
        slow = self.server.reader_places
        if response.stream is None:
            self.stream.write(head + response.body if with_body else head, slow)
            return
        with contextlib.closing(response.stream) as chunks:
            self.stream.write(head, slow)
            for chunk in chunks if with_body else ():
                if not chunk and self.stream.has_closed():
                    raise BrokenPipeError
                self.stream.write(chunk, slow)

    def refuse(self, status: int) -> None:
        """Say no without a worker: the thread that watches all never waits, so a full socket goes without answer."""
        self._say(status)
        self.server.linger(self)

    def _say(self, status: int) -> None:
        response = self.server.app.refuse(status)
        self.lingering = True
        with contextlib.suppress(OSError):
            self.stream.write_now(encode_head(response, b"Connection: close\r\n") + response.body)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.stream.socket.shutdown(socket.SHUT_RDWR)
        self.stream.close()
