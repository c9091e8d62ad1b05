"""Wiring of otpb-admin: settings, the other processes, the HTTP edge."""

import functools
import threading
from collections.abc import Sequence
from typing import Final

from otpbroker.clients import supervisor
from otpbroker.clients.acme import AcmeClient
from otpbroker.clients.apply import ApplyClient
from otpbroker.clients.ddns import DdnsClient
from otpbroker.clients.dispatch import DispatchClient
from otpbroker.clients.mail import MailClient
from otpbroker.clients.network import PAGE_S, NetworkClient
from otpbroker.clients.notifier import NotifierClient
from otpbroker.config import certificate, setup_code
from otpbroker.config.store import Store
from otpbroker.panel import compiled, desk
from otpbroker.panel.desk import Desk
from otpbroker.panel.peers import Peers
from otpbroker.panel.site import panel
from otpbroker.services.admin.doors import Door, EdgeDoor, PortDoor
from otpbroker.system import logbook, options, service
from otpbroker.system.files import Paths
from otpbroker.system.machine import Machine
from otpbroker.system.workers import Workers

THREADS: Final = 40  # of these, at most 34 wait: 8 each for bodies, for readers and for what is new, 10 for slow peers
STOP_S: Final = 5.0
RESTART_S: Final = 3.0  # a page waits so long for otpb-apply to come back


class Options(options.Options, frozen=True):
    """`address` is what it listens on; with `edge` it is the sockets of the network edge instead."""

    address: str = "127.0.0.1"
    edge: bool = False


class AdminService:
    """The running service. It listens at `address` and the port of the settings, or on the sockets of the network edge
    where there is no address.
    """

    def __init__(self, paths: Paths, address: str | None) -> None:
        self._store = Store(paths)
        settings = desk.load(self._store)
        asks_code = functools.partial(setup_code.is_asked, paths)
        shown = functools.partial(certificate.shown, paths)
        self._desk = Desk(
            _peers(paths), settings, Machine(paths.state), logbook.found(paths), asks_code, certificate=shown
        )
        self._workers = Workers(THREADS)
        app = panel(self._desk, compiled.folder(paths))
        self._door: Door = (
            EdgeDoor(paths, app.wsgi, self._workers)
            if address is None
            else PortDoor(address, settings.panel.port, app.wsgi, self._workers)
        )
        threading.Thread(target=app.warm, name="templates", daemon=True).start()
        self._desk.live.start()

    def reload(self) -> None:
        """A port that cannot be had refuses all of the new settings."""
        settings = desk.load(self._store)
        self._door.move(settings.panel.port)
        self._desk.take(settings)

    def stop(self) -> None:
        self._desk.stopping.set()
        self._desk.live.stop()
        self._door.close()
        self._workers.stop(STOP_S)


def _peers(paths: Paths) -> Peers:
    return Peers(
        ApplyClient(paths, RESTART_S),
        DispatchClient(paths.socket("dispatch")),
        MailClient(paths.socket("mail")),
        NotifierClient(paths),
        DdnsClient(paths),
        AcmeClient(paths),
        supervisor.found(paths),
        NetworkClient(paths, PAGE_S),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of otpb-admin; the exit status."""
    given = options.read(Options, argv)
    address = None if given.edge else given.address
    return service.run("admin", lambda: AdminService(given.paths, address))
