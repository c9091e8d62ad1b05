"""otpb-apply: the owner of the settings. Changes run one after the other in their own thread; the audit trail has
another, so that nobody who signs in waits for a service that takes its settings. Nor does who only reads them.
"""

import contextlib
import os
import queue
import signal
import sys
import threading

from otpbroker.apply.clock import DeviceClock
from otpbroker.apply.host import DeviceHost
from otpbroker.apply.manager import NobodyRuns, SupervisorManager, SystemdManager
from otpbroker.apply.transaction import AnyVerb, Settings
from otpbroker.errors import BrokerError
from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.system import log, options, service
from otpbroker.system.files import Paths
from otpbroker.system.peercred import Peer
from otpbroker.verbs.apply import Reading
from otpbroker.verbs.audit import AuditTrail, Record
from otpbroker.verbs.backup import MAX_FRAME_OCTETS
from otpbroker.verbs.keystore import ListCertificates

CLIENTS = "otpb-apply-clients"
IDLE_S = 300.0  # longer than a change waits for its confirmation; systemd starts another one for who comes then


class Options(options.Options, frozen=True):
    """`systemd`: services are its, not those of `scripts/run`. `recover`: take back what was cut off, make the files
    of the system, and end.
    """

    systemd: bool = False
    recover: bool = False


class _Worker:
    """Does what it is given, in order, in a thread of its own."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._settings = settings
        self._work: queue.SimpleQueue[tuple[AnyVerb, int, Reply] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def put(self, verb: AnyVerb, uid: int, reply: Reply) -> None:
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
        self._server = Server(
            paths.socket("apply"),
            AnyVerb,
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

    def _take(self, verb: AnyVerb, peer: Peer, reply: Reply) -> None:
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


def _recover(paths: Paths) -> int:
    """At boot, before network and services: settings as they were last confirmed, and the system's files from them."""
    log.start("recover")
    host = DeviceHost(paths, running=False)
    with contextlib.suppress(BrokerError):  # what a broken disk keeps from being taken back, the services tell of
        Settings(paths, NobodyRuns(), host=host).recover()
    host.converge()
    return 0


def main() -> int:
    given = options.read(Options)
    if given.recover:
        return _recover(given.paths)
    return service.run("apply", lambda: Apply(given.paths, on_device=given.systemd))


if __name__ == "__main__":
    sys.exit(main())
