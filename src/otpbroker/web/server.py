"""cheroot's HTTP server, wired for services whose requests wait for something slow (DESIGN §2).

Differences from its defaults: threads start when needed; slow clients wait in the `Room`, not in a thread; every
answer, also the parser's, is the application's.
"""

import logging
import resource
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cheroot.server

from otpbroker.ipc import address
from otpbroker.system.workers import Places, Workers
from otpbroker.web.body import MAX_BODY_OCTETS
from otpbroker.web.connection import Connection
from otpbroker.web.http import Application
from otpbroker.web.room import MAX_HEAD_OCTETS, Room
from otpbroker.web.stream import Stream

_LOG: Final = logging.getLogger(__name__)
LISTEN_BACKLOG: Final = 1024
MAX_SLOW_BODIES: Final = 8
MAX_SLOW_READERS: Final = 8
MAX_DESCRIPTORS: Final = 8192
OTHER_DESCRIPTORS: Final = 256  # what the process needs beside connections that wait


Securing = Callable[[socket.socket], Stream]


class Server(cheroot.server.HTTPServer):
    """Serves `app` at `where`, by `workers` it may share with other servers; `secured` makes its streams TLS.

    A path is a Unix socket of the network edge, which members of `group` may connect to: who asks, and by which scheme,
    stands in the headers `X-Real-IP` and `X-Forwarded-Proto` then. At an address they mean nothing.
    """

    max_request_header_size = MAX_HEAD_OCTETS
    request_queue_size = LISTEN_BACKLOG
    shutdown_timeout = 0

    def __init__(
        self,
        where: tuple[str, int] | Path,
        app: Application,
        workers: Workers,
        max_body_octets: int = MAX_BODY_OCTETS,
        group: str = "",
    ) -> None:
        self.behind_edge = isinstance(where, Path)
        super().__init__(str(where) if isinstance(where, Path) else where, gateway=None, server_name="")
        self._group = group
        self.max_request_body_size = max_body_octets
        self.app = app
        self.workers = workers
        self.secured: Securing | None = None
        self.body_places = Places(MAX_SLOW_BODIES)
        self.reader_places = Places(MAX_SLOW_READERS)
        self.requests = _NoPool()

    def prepare(self) -> None:
        super().prepare()
        self._connections.close()
        self._connections: Room = Room(self, self.socket, allow_descriptors() - OTHER_DESCRIPTORS)

    def bind_unix_socket(self, path: str) -> None:
        """Cheroot's hook; its own way lets everybody connect, and fails where the path is long."""
        self.socket = address.listen(Path(path), self._group, backlog=LISTEN_BACKLOG)

    def stream_of(self, sock: socket.socket) -> Stream:
        return Stream(sock) if self.secured is None else self.secured(sock)

    def process_conn(self, conn: Connection) -> None:
        """A request's head has arrived: a worker's, or refused at once."""
        if not self.workers.put(conn):
            conn.refuse(503)

    def linger(self, conn: Connection) -> None:
        self._connections.linger(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Cheroot's words may quote what a client sent: only our own log format sees them."""
        _LOG.log(level, "%s", msg, exc_info=traceback)


def reason_of(error: OSError) -> str:
    """The system's words for a port that is not to be had, without those that cheroot wraps around them."""
    return str(error).rpartition("] ")[2].rstrip(")")


def allow_descriptors() -> int:
    """Raise this process's limit of open files as far as it may and needs to; how many this process counts on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(MAX_DESCRIPTORS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


class _NoPool:
    """What cheroot asks of a thread pool; our workers outlive a server and serve several."""

    def start(self) -> None: ...

    def stop(self, timeout_s: float) -> None: ...
