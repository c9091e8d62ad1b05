"""Wiring of otpb-api: settings, dispatch, the HTTP edge; and what a reload changes."""

import functools
import logging
from collections.abc import Callable, Sequence
from typing import Final

from otpbroker.clients.dispatch import DispatchClient
from otpbroker.clients.mail import MailClient
from otpbroker.config import passwords
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.store import Store
from otpbroker.doors.commands import Commands
from otpbroker.network.edge_facts import PEM
from otpbroker.services.api.app import Api
from otpbroker.services.api.fleet import Fleet
from otpbroker.services.api.listeners import EdgeListener, Listeners, Listening, Ports
from otpbroker.services.api.metrics import Metrics
from otpbroker.services.api.pages import Pages
from otpbroker.services.api.settings import Settings, load
from otpbroker.system import options, service
from otpbroker.system.files import Paths
from otpbroker.system.synchrony import unix_time_if_synchronised
from otpbroker.system.workers import Places, Workers
from otpbroker.web import tls
from otpbroker.web.basic_auth import BasicAuth
from otpbroker.web.http import Response
from otpbroker.web.server import Securing

_LOG: Final = logging.getLogger(__name__)
DOOR: Final = "rest"
PLACES_PER_MODEM: Final = 2
PLACES_WITHOUT_MODEMS: Final = 96  # about what dispatch queues at the least
SPARE_THREADS: Final = 128  # above the places: passwords being checked (103), bodies arriving (8), 17 for all else
MODEMS_AT_FIRST: Final = 16  # until dispatch has said how many there are
SHUTDOWN_GRACE_S: Final = 45.0  # how long beyond its deadline a message may keep its sender waiting


class Options(options.Options, frozen=True):
    """`address` is what it listens on; with `edge` it is the socket of the network edge instead."""

    address: str = "127.0.0.1"
    edge: bool = False


class ApiService:
    """The running service. `address` is what it listens on, None the socket of the network edge; the ports are
    settings, nginx's there.

    HTTPS takes chain and key from where otpb-apply has put them, else from `etc/otpbroker/tls/api.pem`; without them it
    stays closed, and the log says so.
    """

    def __init__(self, paths: Paths, address: str | None) -> None:
        self._store = Store(paths)
        self._certificates = (paths.run / PEM, paths.settings / "tls" / "api.pem")
        self._places = Places(0)
        self._workers = Workers(0)
        self._size_for(MODEMS_AT_FIRST)
        self._auth = BasicAuth(passwords.verify)
        dispatch = DispatchClient(paths.socket("dispatch"))
        settings = load(self._store)
        mail = MailClient(paths.socket("mail"))
        self._commands = Commands(DOOR, dispatch, mail, unix_time_if_synchronised, settings.deadline_s)
        self._fleet = Fleet(dispatch, self._size_for)
        metrics = Metrics()
        self._pages = Pages(self._fleet, mail, metrics, self._auth)
        self._api = Api(self._auth, self._commands, metrics, self._places)
        self._behind_edge = address is None
        self._listeners: Listening = (
            EdgeListener(paths, self._api, self._workers)
            if address is None
            else Listeners(address, self._api, self._workers)
        )
        self._take(settings)
        self._fleet.start()

    def _size_for(self, modems: int) -> None:
        self._places.limit = PLACES_PER_MODEM * modems + PLACES_WITHOUT_MODEMS
        self._workers.limit = self._places.limit + SPARE_THREADS

    def reload(self) -> None:
        self._take(load(self._store))

    def _take(self, settings: Settings) -> None:
        """Bring new settings into force; a port that cannot be had refuses all of them."""
        ports = self._ports(settings.api)
        opened = self._listeners.open(ports)
        self._auth.replace_accounts(settings.accounts)
        self._commands.deadline_s = settings.deadline_s
        self._api.pages = {
            "/healthz": self._pages.healthz,
            "/readyz": self._pages.readyz,
            "/metrics": self._pages.metrics,
            "/openapi.json": _described(settings.api),
        }
        self._api.command_paths = _command_paths(settings.api)
        self._listeners.switch(ports, opened)

    def _ports(self, api: ApiSection) -> Ports:
        ports: dict[int, Securing | None] = {}
        if self._behind_edge:
            return ports
        if api.http_enabled:
            ports[api.http_port] = None
        if api.https_enabled:
            given, own = self._certificates
            shown = given if given.exists() else own
            try:
                ports[api.https_port] = tls.securing(shown)
            except OSError as error:
                _LOG.warning("no HTTPS: the certificate %s cannot be used: %s", shown, error.strerror)
        return ports

    def stop(self) -> None:
        self._fleet.stop()
        self._listeners.close()
        self._workers.stop(self._commands.deadline_s + SHUTDOWN_GRACE_S)


def _described(api: ApiSection) -> Callable[[], Response]:
    """Made when it is first asked for."""

    @functools.cache
    def described() -> Response:
        from otpbroker.services.api import openapi  # noqa: PLC0415 - few ask for it, and not twice

        return Response(200, openapi.document(api))

    return described


def _command_paths(api: ApiSection) -> frozenset[str]:
    return frozenset((api.message_path, api.blocking_path, api.unblocking_path, api.mail_path, api.otp_path))


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of otpb-api; the exit status."""
    given = options.read(Options, argv)
    address = None if given.edge else given.address
    return service.run("api", lambda: ApiService(given.paths, address))
