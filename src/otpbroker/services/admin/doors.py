"""Where browsers come in: a port of our own, or the sockets of the network edge. What differs is who may set up."""

import ipaddress
import threading
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.request import SET_UP_SIDE
from otpbroker.panel.routes import UPLOAD_OCTETS
from otpbroker.system.files import Paths
from otpbroker.system.workers import Workers
from otpbroker.web.http import Response
from otpbroker.web.server import Server, reason_of
from otpbroker.web.wsgi import Environ, StartResponse, Wsgi, WsgiApplication

CLIENTS: Final = "otpb-admin-clients"


class Door(Protocol):
    def move(self, port: int) -> None:
        """Listen at `port` from now on. Raises `BrokerError` where it is not to be had; then nothing has changed."""

    def close(self) -> None: ...


class PortDoor:
    """A TCP port. From this machine itself, the first administrator may be made."""

    def __init__(self, address: str, port: int, app: WsgiApplication, workers: Workers) -> None:
        self._address = address
        self._app = app
        self._workers = workers
        self._port = port
        self._server = self._listening(port)

    def _listening(self, port: int) -> Server:
        app = Wsgi(_SetUpSide(self._app, _is_loopback), _refusal)
        server = Server((self._address, port), app, self._workers, UPLOAD_OCTETS)
        try:
            server.prepare()
        except OSError as error:
            raise BrokerError(ResponseCode.FAILED, "admin.port_refused", port=port, reason=reason_of(error)) from error
        _serve(server)
        return server

    def move(self, port: int) -> None:
        if port != self._port:
            old, self._server = self._server, self._listening(port)
            self._port = port
            old.stop()

    def close(self) -> None:
        self._server.stop()


class EdgeDoor:
    """Two Unix sockets behind the network edge, which has the port. Which of them a request comes by says from where:
    by `setup` comes who may make the first administrator, by `http` everybody.
    """

    def __init__(self, paths: Paths, app: WsgiApplication, workers: Workers) -> None:
        sides: dict[str, Callable[[str], bool]] = {"http": lambda _: False, "setup": lambda _: True}
        self._servers = [
            Server(paths.edge("admin", name), Wsgi(_SetUpSide(app, sets_up), _refusal), workers, UPLOAD_OCTETS, CLIENTS)
            for name, sets_up in sides.items()
        ]
        for server in self._servers:
            server.prepare()
            _serve(server)

    def move(self, port: int) -> None:
        """Nothing to do: the port is nginx's."""

    def close(self) -> None:
        for server in self._servers:
            server.stop()


def _serve(server: Server) -> None:
    threading.Thread(target=server.serve, name="http", daemon=True).start()


class _SetUpSide:
    """Marks the requests of those who may make the first administrator; `is_theirs` judges by the client's address."""

    def __init__(self, app: WsgiApplication, is_theirs: Callable[[str], bool]) -> None:
        self._app = app
        self._is_theirs = is_theirs

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ[SET_UP_SIDE] = self._is_theirs(environ["REMOTE_ADDR"])
        return self._app(environ, start_response)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _refusal(status: int) -> Response:
    """What the HTTP edge refuses by itself, before there is a page."""
    return Response(status, f"{status}\n".encode(), "text/plain; charset=utf-8")
