"""otpb-apply: the owner of the settings. Changes run one after the other in their own thread; the audit trail has
another, so that nobody who signs in waits for a service that takes its settings. Nor does who only reads them.
"""

import contextlib
import os
import queue
import signal
import sys
import threading
from typing import Protocol, cast

import msgspec

from otpbroker.apply.acme import Ordering
from otpbroker.apply.clock import DeviceClock
from otpbroker.apply.host import DeviceHost
from otpbroker.apply.manager import NobodyRuns, SupervisorManager, SystemdManager
from otpbroker.apply.transaction import AnyVerb, Settings
from otpbroker.errors import BrokerError
from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.services.apply import rights
from otpbroker.services.apply.orders import Orders
from otpbroker.system import log, options, service
from otpbroker.system.files import Paths
from otpbroker.system.peercred import Peer
from otpbroker.verbs.acme import OrderCertificate
from otpbroker.verbs.apply import Applied, Reading
from otpbroker.verbs.audit import AuditTrail, Record
from otpbroker.verbs.backup import MAX_FRAME_OCTETS
from otpbroker.verbs.keystore import ImportCertificate, ListCertificates

CLIENTS = "otpb-apply-clients"
IDLE_S = 300.0  # longer than a change waits for its confirmation; systemd starts another one for who comes then


class Options(options.Options, frozen=True):
    """`systemd`: services are its, not those of `scripts/run`. `roll_back`: take back what was cut off, and end.
    `recover`: make the files of the system too.
    """

    systemd: bool = False
    roll_back: bool = False
    recover: bool = False


class _Answer(Protocol):
    """Where the answer to a verb goes."""

    def result(self, result: msgspec.Struct) -> None: ...
    def error(self, error: BrokerError) -> None: ...


class _Waiting:
    """An answer that one of our own threads waits for."""

    def __init__(self) -> None:
        self._came: queue.SimpleQueue[msgspec.Struct | BrokerError] = queue.SimpleQueue()
        self.result = self._came.put
        self.error = self._came.put

    def take(self) -> msgspec.Struct:
        """Raises `BrokerError`."""
        came = self._came.get()
        if isinstance(came, BrokerError):
            raise came
        return came


class _Worker:
    """Does what it is given, in order, in a thread of its own."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._settings = settings
        self._work: queue.SimpleQueue[tuple[AnyVerb, int, _Answer] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def put(self, verb: AnyVerb, uid: int, reply: _Answer) -> None:
        self._work.put((verb, uid, reply))

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            verb, uid, reply = work
            try:
                reply.result(self._settings.handle(verb, uid))
            except BrokerError as error:
                reply.error(error)

    def stop(self) -> None:
        """After what it was given."""
        self._work.put(None)
        self._thread.join()


class Apply:
    """`on_device`: services are systemd's and the machine is ours; else services are those of `scripts/run`."""

    def __init__(self, paths: Paths, *, on_device: bool = False) -> None:
        settings = self._settings = _settings(paths, on_device=on_device)
        self._recover()
        self._changes = _Worker("settings", settings)
        self._trail = _Worker("trail", settings)
        self._orders = Orders(Ordering(paths, self._imported))
        self._server = Server(
            paths.socket("apply"),
            AnyVerb | OrderCertificate,
            self._take,
            CLIENTS,
            MAX_FRAME_OCTETS,
            idle_s=IDLE_S if on_device else None,
            idle=lambda: os.kill(os.getpid(), signal.SIGTERM),
        )
        self._server.start()

    def _recover(self) -> None:
        """A disk that refuses is told of by the next change."""
        with contextlib.suppress(BrokerError):
            self._settings.recover()

    def _imported(self, verb: ImportCertificate) -> Applied:
        """In its turn."""
        waiting = _Waiting()
        self._changes.put(verb, os.getuid(), waiting)
        return cast(Applied, waiting.take())

    def _take(self, verb: AnyVerb | OrderCertificate, peer: Peer, reply: Reply) -> None:
        rights.check(verb, peer)
        if isinstance(verb, OrderCertificate):
            self._orders.take(verb, reply)
            return
        if isinstance(verb, Reading | ListCertificates):
            reply.result(self._settings.handle(verb, peer.uid))
            return
        worker = self._trail if isinstance(verb, Record | AuditTrail) else self._changes
        worker.put(verb, peer.uid, reply)

    def reload(self) -> None:
        """Every call looks at the disk anew."""

    def stop(self) -> None:
        self._server.stop_listening()
        self._changes.stop()
        self._trail.stop()
        self._server.stop()


def _settings(paths: Paths, *, on_device: bool) -> Settings:
    if on_device:
        return Settings(paths, SystemdManager(), DeviceClock(paths).set, host=DeviceHost(paths))
    return Settings(paths, SupervisorManager(paths.socket("supervisor")))


def _roll_back(paths: Paths) -> DeviceHost:
    """At boot, before network and services: settings as they were last confirmed."""
    host = DeviceHost(paths, running=False)
    with contextlib.suppress(BrokerError):  # what a broken disk keeps from being taken back, the services tell of
        Settings(paths, NobodyRuns(), host=host).recover()
    return host


def main() -> int:
    given = options.read(Options)
    if given.roll_back or given.recover:
        log.start("recover")
        host = _roll_back(given.paths)
        if given.recover:
            host.converge()
        return 0
    return service.run("apply", lambda: Apply(given.paths, on_device=given.systemd))


if __name__ == "__main__":
    sys.exit(main())
