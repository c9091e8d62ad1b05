"""Wiring of otpb-admin: settings, the other processes, the HTTP edge."""

import argparse
import functools
import gc
import ipaddress
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from otpbroker.clients import supervisor
from otpbroker.clients.apply import ApplyClient
from otpbroker.clients.dispatch import DispatchClient
from otpbroker.clients.mail import MailClient
from otpbroker.clients.notifier import NotifierClient
from otpbroker.config import setup_code
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel import desk
from otpbroker.panel.desk import Desk
from otpbroker.panel.peers import Peers
from otpbroker.panel.request import SET_UP_SIDE
from otpbroker.panel.routes import UPLOAD_OCTETS
from otpbroker.panel.site import panel
from otpbroker.system import logbook, service
from otpbroker.system.files import Paths
from otpbroker.system.machine import Machine
from otpbroker.system.workers import Workers
from otpbroker.web.http import Response
from otpbroker.web.server import Server
from otpbroker.web.wsgi import Environ, StartResponse, Wsgi, WsgiApplication

THREADS: Final = 40  # of these, at most 34 wait: 8 each for bodies, for readers and for what is new, 10 for slow peers
STOP_S: Final = 5.0
RESTART_S: Final = 3.0  # a page waits so long for otpb-apply to come back


class AdminService:
    """The running service. It listens at `address` and the port of the settings; on a loopback address whoever comes
    may make the first administrator.
    """

    def __init__(self, paths: Paths, address: str) -> None:
        self._store = Store(paths)
        self._address = address
        settings = desk.load(self._store)
        asks_code = functools.partial(setup_code.is_asked, paths)
        self._desk = Desk(_peers(paths), settings, Machine(paths.state), logbook.found(paths), asks_code)
        self._workers = Workers(THREADS)
        app = panel(self._desk)
        self._app = Wsgi(_SetUpSide(app.wsgi), _refusal)
        self._port = settings.panel.port
        self._server = self._listen(self._port)
        threading.Thread(target=app.warm, name="templates", daemon=True).start()
        self._desk.live.start()

    def _listen(self, port: int) -> Server:
        """Raises `BrokerError` where the port is not to be had."""
        server = Server((self._address, port), self._app, self._workers, UPLOAD_OCTETS)
        try:
            server.prepare()
        except OSError as error:
            reason = str(error).rpartition("] ")[2].rstrip(")")  # cheroot wraps the words of the system
            raise BrokerError(ResponseCode.FAILED, "admin.port_refused", port=port, reason=reason) from error
        threading.Thread(target=server.serve, name="http", daemon=True).start()
        return server

    def reload(self) -> None:
        """A port that cannot be had refuses all of the new settings."""
        settings = desk.load(self._store)
        if settings.panel.port != self._port:
            old, self._server = self._server, self._listen(settings.panel.port)
            self._port = settings.panel.port
            old.stop()
        self._desk.take(settings)

    def stop(self) -> None:
        self._desk.stopping.set()
        self._desk.live.stop()
        self._server.stop()
        self._workers.stop(STOP_S)


def _peers(paths: Paths) -> Peers:
    return Peers(
        ApplyClient(paths, RESTART_S),
        DispatchClient(paths.socket("dispatch")),
        MailClient(paths.socket("mail")),
        NotifierClient(paths),
        supervisor.found(paths),
    )


class _SetUpSide:
    """Marks the requests that come from this machine itself: there the first administrator may be made."""

    def __init__(self, app: WsgiApplication) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ[SET_UP_SIDE] = _is_loopback(environ["REMOTE_ADDR"])
        return self._app(environ, start_response)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _refusal(status: int) -> Response:
    """What the HTTP edge refuses by itself, before there is a page."""
    return Response(status, f"{status}\n".encode(), "text/plain; charset=utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of otpb-admin; the exit status."""
    parser = argparse.ArgumentParser(prog="otpb-admin", description="The panel.")
    parser.add_argument("--root", type=Path, default=Path("/"), help="root prefix of settings, run and state folders")
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    options = parser.parse_args(argv)

    def start() -> AdminService:
        running = AdminService(Paths(options.root), options.address)
        gc.collect()
        gc.freeze()
        return running

    return service.run("admin", start)
