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
from otpbroker.web.server import Lanes, Server
from otpbroker.web.workers import Lane, Workers

PROBE_THREADS: Final = 4
THREADS_AT_FIRST: Final = 48  # until dispatch has said how many modems there are
SHUTDOWN_GRACE_S: Final = 45.0  # how long beyond its deadline a message may keep its sender waiting
PROBES: Final = tuple(
    f"{method} {path} ".encode()
    for method in ("GET", "HEAD")
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json")
)


class ApiService:
    """The running service. `address` is what it listens on; the port is a setting."""

    def __init__(self, paths: Paths, address: str) -> None:
        self._store = Store(paths)
        self._address = address
        self._workers = Workers()
        self._lanes = Lanes(Lane(THREADS_AT_FIRST), Lane(PROBE_THREADS), PROBES)
        self._auth = BasicAuth(passwords.verify)
        dispatch = DispatchClient(paths.socket("dispatch"))
        settings = load(self._store)
        self._commands = Commands(dispatch, clock.unix_time_if_synchronised, settings.deadline_s)
        self._fleet = Fleet(dispatch, self._lanes.asking)
        metrics = Metrics()
        self._pages = Pages(self._fleet, metrics, self._auth)
        self._api = Api(self._auth, self._commands, metrics)
        self._server: Server | None = None
        self._port: int | None = None
        self._take(settings)
        self._fleet.start()

    def reload(self) -> None:
        self._take(load(self._store))

    def _take(self, settings: Settings) -> None:
        """Bring new settings into force; a port that cannot be had refuses all of them."""
        self._listen(settings.api.http_port if settings.api.http_enabled else None)
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

    def _listen(self, port: int | None) -> None:
        """Open the new port before the old one closes; what is in flight on the old one is answered there."""
        if port == self._port:
            return
        old, new = self._server, None
        if port is not None:
            new = Server((self._address, port), self._api, self._workers, self._lanes)
            try:
                new.prepare()
            except OSError as error:
                reason = error.strerror or "?"
                raise BrokerError(ResponseCode.FAILED, "api.port_refused", port=port, reason=reason) from error
            threading.Thread(target=new.serve, name=f"http-{port}", daemon=True).start()
        self._server, self._port = new, port
        if old is not None:
            old.stop()

    def stop(self) -> None:
        self._fleet.stop()
        self._listen(None)
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
