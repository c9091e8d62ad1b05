"""The ports that are listened on: opened, closed and given other certificates while the process runs."""

import threading
from collections.abc import Mapping
from typing import Final, Protocol

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.files import Paths
from otpbroker.system.workers import Workers
from otpbroker.web.http import Application
from otpbroker.web.server import Securing, Server, reason_of

Ports = Mapping[int, Securing | None]
CLIENTS: Final = "otpb-api-clients"


class Listening(Protocol):
    def open(self, ports: Ports) -> Mapping[int, Server]:
        """What must be had before new settings hold."""

    def switch(self, ports: Ports, opened: Mapping[int, Server]) -> None:
        """Serve by new settings from now on."""

    def close(self) -> None: ...


class Listeners:
    """A port without a `Securing` is plain HTTP."""

    def __init__(self, address: str, app: Application, workers: Workers) -> None:
        self._address = address
        self._app = app
        self._workers = workers
        self._servers: dict[int, Server] = {}

    def open(self, ports: Ports) -> dict[int, Server]:
        """Servers that listen on those of `ports` that are new, and serve nobody yet.

        Raises `BrokerError` where a port is not to be had; then none stays open.
        """
        opened: dict[int, Server] = {}
        try:
            for port in ports:
                if port not in self._servers:
                    opened[port] = self._bound(port)
        except BrokerError:
            for server in opened.values():
                server.stop()
            raise
        return opened

    def _bound(self, port: int) -> Server:
        server = Server((self._address, port), self._app, self._workers)
        try:
            server.prepare()
        except OSError as error:
            raise BrokerError(ResponseCode.FAILED, "api.port_refused", port=port, reason=reason_of(error)) from error
        return server

    def switch(self, ports: Ports, opened: Mapping[int, Server]) -> None:
        """Serve exactly `ports` from now on; what is in flight on others is answered there."""
        gone = [self._servers.pop(port) for port in list(self._servers) if port not in ports]
        self._servers |= opened
        for port, secured in ports.items():
            self._servers[port].secured = secured
        for port, server in opened.items():
            threading.Thread(target=server.serve, name=f"http-{port}", daemon=True).start()
        for server in gone:
            server.stop()

    def close(self) -> None:
        self.switch({}, {})


class EdgeListener:
    """The Unix socket of the network edge, which has the ports: no settings change it."""

    def __init__(self, paths: Paths, app: Application, workers: Workers) -> None:
        self._server = Server(paths.edge("api"), app, workers, group=CLIENTS)
        self._server.prepare()
        self._serving = False

    def open(self, ports: Ports) -> Mapping[int, Server]:
        del ports
        return {}

    def switch(self, ports: Ports, opened: Mapping[int, Server]) -> None:
        """Serve, once there are settings to serve by."""
        del ports, opened
        if not self._serving:
            self._serving = True
            threading.Thread(target=self._server.serve, name="http-edge", daemon=True).start()

    def close(self) -> None:
        self._server.stop()
