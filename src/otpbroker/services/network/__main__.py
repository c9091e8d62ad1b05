"""otpb-network: looks at interfaces, leases and packet filter for those who may not, and tells when Ethernet brings the
access point's own addresses. It changes nothing. On the device it runs when it is asked or when an address changes,
and ends when nobody has asked for a minute.
"""

import contextlib
import logging
import os
import signal
import sys
import threading
from typing import Final

import msgspec

from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.services.network.looking import Looking
from otpbroker.system import options, service
from otpbroker.system.doorbell import Doorbell
from otpbroker.system.files import Paths, ensure_folder, write_atomic
from otpbroker.system.netlink import AddressChanges
from otpbroker.system.peercred import Peer
from otpbroker.texts import translate
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.network import LookAtNetwork, NetworkAlarmsTold, NetworkVerb

CLIENTS: Final = "otpb-network-clients"
IDLE_S: Final = 60.0
_LOG: Final = logging.getLogger(__name__)


class Options(options.Options, frozen=True):
    """`on_demand`: systemd holds our sockets, and starts another life for who comes after this one."""

    on_demand: bool = False


class NetworkService:
    def __init__(self, paths: Paths, *, on_demand: bool = False) -> None:
        self._looking = Looking(paths)
        self._told = paths.alarms("network")
        ensure_folder(self._told.parent, 0o755)
        self._alarms: list[Alarm] | None = None
        self._changes = AddressChanges()
        self._bell = Doorbell()
        self._stopping = False
        self._server = Server(
            paths.socket("network"),
            NetworkVerb,
            self._take,
            CLIENTS,
            idle_s=IDLE_S if on_demand else None,
            idle=lambda: os.kill(os.getpid(), signal.SIGTERM),
        )
        self._look()
        self._thread = threading.Thread(target=self._watch, name="addresses")
        self._thread.start()
        self._server.start()

    def _take(self, verb: NetworkVerb, _peer: Peer, reply: Reply) -> None:
        if isinstance(verb, LookAtNetwork):  # nft may take its time
            threading.Thread(target=lambda: reply.result(self._looking.state()), name="look", daemon=True).start()
        else:
            reply.result(NetworkAlarmsTold(alarms=self._looking.alarms()))

    def _watch(self) -> None:
        while not self._stopping:
            self._bell.wait(None, self._changes.fd)
            self._look()

    def _look(self) -> None:
        """In this order: an address that changes while we look is told anew."""
        self._changes.drain()
        alarms = self._looking.alarms()
        if alarms == self._alarms:
            return
        for alarm in alarms:
            _LOG.warning("%s", translate(alarm.key, alarm.params))
        with contextlib.suppress(OSError):  # memory is full: it is tried again with the next change
            write_atomic(self._told, msgspec.json.encode(NetworkAlarmsTold(alarms=alarms)), 0o644)
            self._alarms = alarms

    def reload(self) -> None:
        """Every call looks at the settings anew."""

    def stop(self) -> None:
        self._stopping = True
        self._bell.ring()
        self._thread.join()
        self._server.stop()
        self._changes.close()
        self._bell.close()


def main() -> int:
    given = options.read(Options)
    return service.run("network", lambda: NetworkService(given.paths, on_demand=given.on_demand))


if __name__ == "__main__":
    sys.exit(main())
