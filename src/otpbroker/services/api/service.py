"""Wiring of otpb-api: settings, dispatch, the HTTP edge; and what a reload changes."""

import argparse
import gc
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from otpbroker.clients.dispatch import DispatchClient
from otpbroker.config import passwords
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.services.api import openapi
from otpbroker.services.api.app import Api
from otpbroker.services.api.commands import Commands
from otpbroker.services.api.fleet import Fleet
from otpbroker.services.api.metrics import Metrics
from otpbroker.services.api.pages import Pages
from otpbroker.services.api.settings import Settings, load
from otpbroker.system import clock, service
from otpbroker.system.files import Paths
from otpbroker.web.basic_auth import BasicAuth
from otpbroker.web.http import Response
from otpbroker.web.server import Server
from otpbroker.web.workers import Places, Workers

PLACES_PER_MODEM: Final = 2
PLACES_WITHOUT_MODEMS: Final = 16
SPARE_THREADS: Final = 48  # above the places: passwords being checked (35), bodies arriving (8), and 5 for all else
MODEMS_AT_FIRST: Final = 16  # until dispatch has said how many there are
SHUTDOWN_GRACE_S: Final = 45.0  # how long beyond its deadline a message may keep its sender waiting


class ApiService:
    """The running service. `address` is what it listens on; the port is a setting."""

    def __init__(self, paths: Paths, address: str) -> None:
        self._store = Store(paths)
        self._address = address
        self._places = Places(0)
        self._workers = Workers(0)
        self._size_for(MODEMS_AT_FIRST)
        self._auth = BasicAuth(passwords.verify)
        dispatch = DispatchClient(paths.socket("dispatch"))
        settings = load(self._store)
        self._commands = Commands(dispatch, self._places, clock.unix_time_if_synchronised, settings.deadline_s)
        self._fleet = Fleet(dispatch, self._size_for)
        metrics = Metrics()
        self._pages = Pages(self._fleet, metrics, self._auth)
        self._api = Api(self._auth, self._commands, metrics)
        self._server: Server | None = None
        self._port: int | None = None
        self._take(settings)
        self._fleet.start()

    def _size_for(self, modems: int) -> None:
        self._places.limit = PLACES_PER_MODEM * modems + PLACES_WITHOUT_MODEMS
        self._workers.limit = self._places.limit + SPARE_THREADS

    def reload(self) -> None:
        self._take(load(self._store))

    def _take(self, settings: Settings) -> None:
        """Bring new settings into force; a port that cannot be had refuses all of them."""
        port = settings.api.http_port if settings.api.http_enabled else None
        server = self._server if port == self._port else self._bound(port)
        self._auth.replace_accounts(settings.accounts)
        self._commands.deadline_s = settings.deadline_s
        described = Response(200, openapi.document(settings.api))
        self._api.pages = {
            "/healthz": self._pages.healthz,
            "/readyz": self._pages.readyz,
            "/metrics": self._pages.metrics,
            "/openapi.json": lambda: described,
        }
        self._api.command_paths = _command_paths(settings.api)
        self._serve_by(server, port)

    def _bound(self, port: int | None) -> Server | None:
        """A server that listens and serves nobody yet. Raises `BrokerError` where the port is not to be had."""
        if port is None:
            return None
        server = Server((self._address, port), self._api, self._workers)
        try:
            server.prepare()
        except OSError as error:
            reason = str(error).rpartition("] ")[2].rstrip(")")  # cheroot wraps the words of the system
            raise BrokerError(ResponseCode.FAILED, "api.port_refused", port=port, reason=reason) from error
        return server

    def _serve_by(self, server: Server | None, port: int | None) -> None:
        """Let `server` take over; what is in flight on the old one is answered there."""
        old = self._server
        if server is old:
            return
        if server is not None:
            threading.Thread(target=server.serve, name=f"http-{port}", daemon=True).start()
        self._server, self._port = server, port
        if old is not None:
            old.stop()

    def stop(self) -> None:
        self._fleet.stop()
        self._serve_by(None, None)
        self._workers.stop(self._commands.deadline_s + SHUTDOWN_GRACE_S)


def _command_paths(api: ApiSection) -> frozenset[str]:
    return frozenset((api.message_path, api.blocking_path, api.unblocking_path, api.mail_path, api.otp_path))


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of otpb-api; the exit status."""
    parser = argparse.ArgumentParser(prog="otpb-api", description="The REST door.")
    parser.add_argument("--root", type=Path, default=Path("/"), help="root prefix of settings, run and state folders")
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    options = parser.parse_args(argv)

    def start() -> ApiService:
        running = ApiService(Paths(options.root), options.address)
        gc.collect()
        gc.freeze()
        return running

    return service.run("api", start)
