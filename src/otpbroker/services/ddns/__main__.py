"""otpb-ddns: keeps names in the DNS at this device's public address. Outbound only."""

import sys
from collections.abc import Sequence
from typing import Final

from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.config.sections.ddns import DdnsSection, PublicAddressSection
from otpbroker.config.store import Store
from otpbroker.ddns.driving import asking
from otpbroker.ddns.keeper import Keeper
from otpbroker.ddns.memory import Memory
from otpbroker.ddns.public import looking
from otpbroker.ddns.vendors import VENDORS
from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.system import options, service
from otpbroker.system.addresses import Changes, addresses
from otpbroker.system.files import Paths
from otpbroker.system.peercred import Peer
from otpbroker.verbs.ddns import DdnsVerb, UpdateNow

CLIENTS: Final = "otpb-ddns-clients"


class Options(options.Options, frozen=True):
    """`allow_loopback`: addresses of this machine are called, in development."""

    allow_loopback: bool = False


class DdnsService:
    def __init__(self, paths: Paths, *, allow_loopback: bool) -> None:
        self._store = Store(paths)
        caller = Caller(Guard(loopback=allow_loopback))
        self._keeper = Keeper(Memory(paths), asking(caller), looking(caller, addresses), Changes())
        self.reload()
        self._server = Server(paths.socket("ddns"), DdnsVerb, self._handle, CLIENTS)
        self._keeper.start()
        self._server.start()

    def _handle(self, verb: DdnsVerb, _peer: Peer, reply: Reply) -> None:
        if isinstance(verb, UpdateNow):
            self._keeper.update_now(verb.name, reply.result)
        else:
            reply.result(self._keeper.state())

    def reload(self) -> None:
        accounts = {name: self._store.load(vendor.kind) for name, vendor in VENDORS.items()}
        self._keeper.configure(self._store.load(DdnsSection), accounts, self._store.load(PublicAddressSection))

    def stop(self) -> None:
        self._server.stop_listening()
        self._keeper.stop()
        self._server.stop()


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of otpb-ddns; the exit status."""
    given = options.read(Options, argv)
    return service.run("ddns", lambda: DdnsService(given.paths, allow_loopback=given.allow_loopback))


if __name__ == "__main__":
    sys.exit(main())
