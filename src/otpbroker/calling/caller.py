"""One HTTP request, to an address that the guard allows, within a deadline. TLS is verified; no redirect is
followed.

Connections are kept for a while: what is called often is called again soon.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from otpbroker.calling.guard import Guard
from otpbroker.calling.line import Answer, Line, Origin, left_s, request
from otpbroker.calling.target import Target
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.trust import client_tls

TIMEOUT_S: Final = 15.0
_MOST_KEPT: Final = 32


class Caller:
    """Safe from any thread. `context` is for tests with authorities of their own."""

    def __init__(self, guard: Guard, context: ssl.SSLContext | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self._guard = guard
        self._context = context
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._kept: list[Line] = []
        self._most_kept = _MOST_KEPT

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._context or client_tls()

    def judge_by(self, guard: Guard) -> None:
        """New rules; a connection that the old ones allowed is not used again."""
        self._guard = guard

    def close(self) -> None:
        """Keep no connection any more."""
        with self._lock:
            self._most_kept = 0
            kept, self._kept = self._kept, []
        for line in kept:
            line.close()

    def post(self, target: Target, headers: dict[str, str], body: bytes) -> Answer:
        """What the server answers. Raises `BrokerError` where it does not, or may not be asked."""
        deadline = time.monotonic() + self._timeout_s
        asked = request("POST", target, headers, body)
        try:
            kept = self._take((self._guard, *target[:3]))
            if kept is not None:
                with contextlib.suppress(ConnectionError):  # the server hung up meanwhile, as servers do
                    return self._ask(kept, asked, deadline)
            return self._ask(self._connected(target, deadline), asked, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:  # no name of a host that TLS takes, for one
            raise _no_answer(error, self._timeout_s) from None

    def ask(
        self, method: str, target: Target, headers: Mapping[str, str], body: bytes | None = None, family: int = 0
    ) -> Answer:
        """As `post`, on a connection of its own, with the answer's body. `family`: over IPv4 or IPv6 only."""
        deadline = time.monotonic() + self._timeout_s
        try:
            line = self._connected(target, deadline, family)
            with contextlib.closing(line):
                asked = request(method, target, {**headers, "Connection": "close"}, body)
                return line.ask(asked, deadline, self._timeout_s)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _no_answer(error, self._timeout_s) from None

    def _ask(self, line: Line, asked: bytes, deadline: float) -> Answer:
        try:
            answer = line.ask(asked, deadline)
        except BaseException:
            line.close()
            raise
        self._keep(line)
        return answer

    def _connected(self, target: Target, deadline: float, family: int = 0) -> Line:
        guard = self._guard
        addresses = guard.addresses(target.host, target.port, family)
        for at, (kind, address) in enumerate(addresses, 1):
            share_s = (deadline - time.monotonic()) / (len(addresses) - at + 1)
            try:
                sock = self._secured(_connect(kind, address, share_s), target, deadline)
                return Line((guard, *target[:3]), sock)
            except OSError as error:
                if at == len(addresses):
                    raise _no_connection(error, self._timeout_s) from None
        raise AssertionError("the guard raises where there is no address")

    def _secured(self, sock: socket.socket, target: Target, deadline: float) -> socket.socket:
        if not target.secure:
            return sock
        try:
            sock.settimeout(left_s(deadline))
            return self._tls.wrap_socket(sock, server_hostname=target.host)
        except BaseException:
            sock.close()
            raise

    def _take(self, origin: Origin) -> Line | None:
        """A kept connection that is neither old nor closed by the other side."""
        with self._lock:
            kept, self._kept = self._kept, []
            fresh = [line for line in kept if line.is_fresh()]
            found = next((line for line in fresh if line.origin == origin), None)
            self._kept = [line for line in fresh if line is not found]
        for line in set(kept) - set(fresh):
            line.close()
        return found

    def _keep(self, line: Line) -> None:
        with self._lock:
            if line.reusable and len(self._kept) < self._most_kept:
                self._kept.append(line)
                return
        line.close()


def _connect(family: socket.AddressFamily, address: tuple[Any, ...], timeout_s: float) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(max(0.01, timeout_s))
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def _no_connection(error: OSError, timeout_s: float) -> BrokerError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return BrokerError(ResponseCode.FAILED, "calling.certificate", reason=error.verify_message)
    if isinstance(error, ssl.SSLError):
        return BrokerError(ResponseCode.FAILED, "calling.tls", reason=error.reason or "SSL")
    if isinstance(error, TimeoutError):
        return BrokerError(ResponseCode.FAILED, "calling.timeout", seconds=round(timeout_s))
    return BrokerError(ResponseCode.FAILED, "calling.no_connection", reason=error.strerror or type(error).__name__)


def _no_answer(error: Exception, timeout_s: float) -> BrokerError:
    if isinstance(error, TimeoutError):
        return BrokerError(ResponseCode.FAILED, "calling.timeout", seconds=round(timeout_s))
    return BrokerError(ResponseCode.FAILED, "calling.no_answer", reason=type(error).__name__)
