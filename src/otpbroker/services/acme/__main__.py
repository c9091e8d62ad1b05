"""otpb-acme: gets certificates from an authority. Outbound only; it runs when it is asked, and ends soon after."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.ddns.driving import asking
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.readable import readable
from otpbroker.system import options, service
from otpbroker.system.clock import wall_s
from otpbroker.system.files import ensure_folder, write_atomic
from otpbroker.system.peercred import Peer, is_root_or_us
from otpbroker.verbs.acme import AcmeState, AcmeVerb, Issue, Issued, Step

CLIENTS: Final = "otpb-acme-clients"
IDLE_S: Final = 60.0


class Options(options.Options, frozen=True):
    """`idle`: end when nobody has been connected for a minute, and nothing is under way. `allow_loopback` and
    `dns_port` are for development: addresses of this machine are called; name servers listen at this port.
    """

    idle: bool = False
    allow_loopback: bool = False
    dns_port: int = 53


class AcmeService:
    def __init__(self, given: Options) -> None:
        self._folder = given.paths.state / "acme"
        self._dns_port = given.dns_port
        self._ask = asking(Caller(Guard(loopback=given.allow_loopback)))
        self._busy = threading.Lock()
        self._state = _remembered(self._file)
        self._server = Server(
            given.paths.socket("acme"),
            AcmeVerb,
            self._handle,
            CLIENTS,
            idle_s=IDLE_S if given.idle else None,
            idle=lambda: os.kill(os.getpid(), signal.SIGTERM),
        )
        self._server.start()

    @property
    def _file(self) -> Path:
        return self._folder / "last.json"

    def _handle(self, verb: AcmeVerb, peer: Peer, reply: Reply) -> None:
        if not isinstance(verb, Issue):
            reply.result(self._state)
        elif not is_root_or_us(peer):
            raise BrokerError(ResponseCode.UNAUTHORIZED, "peer.refused")
        elif self._busy.acquire(blocking=False):
            threading.Thread(target=self._issue, args=(verb, reply), name="issue", daemon=True).start()
        else:
            raise BrokerError(ResponseCode.FAILED, "acme.busy")

    def _issue(self, wanted: Issue, reply: Reply) -> None:
        """Whoever asked stays connected, so nobody takes us for idle."""
        from otpbroker.acme.issuer import Issuer  # noqa: PLC0415 - only where there is something to do
        from otpbroker.acme.propagation import Propagation  # noqa: PLC0415 - as above

        def now(step: Step) -> None:
            self._state = AcmeState(step=step, names=wanted.names)

        try:
            issuer = Issuer(self._folder / "account.pem", self._ask, Propagation(port=self._dns_port), now)
            chain = issuer.issue(wanted)
        except BrokerError as error:
            self._end(AcmeState(names=wanted.names, key=error.key, params=error.params, ended=wall_s()))
            reply.error(error)
        else:
            self._end(AcmeState(names=wanted.names, done=True, key="acme.issued", ended=wall_s()))
            reply.result(Issued(chain=chain))
        finally:
            self._busy.release()

    def _end(self, state: AcmeState) -> None:
        """What is remembered for the next life is nice to have."""
        self._state = state
        with contextlib.suppress(OSError):
            ensure_folder(self._folder, 0o700)
            write_atomic(self._file, msgspec.json.encode(state), 0o600)

    def reload(self) -> None:
        """It has no settings of its own."""

    def stop(self) -> None:
        self._server.stop()


def _remembered(file: Path) -> AcmeState:
    try:
        return msgspec.json.decode(file.read_bytes(), type=readable(AcmeState))
    except (OSError, msgspec.DecodeError):
        return AcmeState()


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of otpb-acme; the exit status."""
    given = options.read(Options, argv)
    return service.run("acme", lambda: AcmeService(given))


if __name__ == "__main__":
    sys.exit(main())
