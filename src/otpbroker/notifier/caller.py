"""One HTTP POST, to an address that the guard allows, within a deadline. TLS is verified; redirects are not followed.

Connections are kept for a while: what is called often is called again soon.
"""

import contextlib
import http.client
import io
import select
import socket
import ssl
import threading
import time
from functools import cached_property
from typing import Any, Final, NamedTuple, cast

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.notifier import schedule
from otpbroker.notifier.guard import Guard
from otpbroker.notifier.target import Target
from otpbroker.system.clock import wall_s
from otpbroker.system.trust import client_tls

TIMEOUT_S: Final = 15.0
KEPT_S: Final = 60.0  # the name is resolved anew after it
_MOST_KEPT: Final = 32
_MOST_BODY_OCTETS: Final = 64 * 1024  # an answer's body is read and thrown away, so that its connection can be kept
_BODY_S: Final = 1.0

_Origin = tuple[bool, str, int]


class Answer(NamedTuple):
    status: int
    retry_after_s: float | None = None


class Caller:
    """Safe from any thread. `context` is for tests with authorities of their own."""

    def __init__(self, guard: Guard, context: ssl.SSLContext | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self._guard = guard
        self._context = context
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._kept: list[_Line] = []
        self._most_kept = _MOST_KEPT

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._context or client_tls()

    def judge_by(self, guard: Guard) -> None:
        """New rules, for kept connections too."""
        with self._lock:
            self._guard = guard
        self._hang_up()

    def close(self) -> None:
        """Keep no connection any more."""
        with self._lock:
            self._most_kept = 0
        self._hang_up()

    def _hang_up(self) -> None:
        with self._lock:
            kept, self._kept = self._kept, []
        for line in kept:
            line.close()

    def post(self, target: Target, headers: dict[str, str], body: bytes) -> Answer:
        """What the server answers. Raises `BrokerError` where it does not, or may not be asked."""
        deadline = time.monotonic() + self._timeout_s
        request = _request(target, headers, body)
        try:
            kept = self._take(target[:3])
            if kept is not None:
                with contextlib.suppress(ConnectionError):  # the server hung up meanwhile, as servers do
                    return self._ask(kept, request, deadline)
            return self._ask(self._connected(target, deadline), request, deadline)
        except (OSError, http.client.HTTPException) as error:
            raise _no_answer(error, self._timeout_s) from None

    def _ask(self, line: "_Line", request: bytes, deadline: float) -> Answer:
        try:
            answer = line.ask(request, deadline)
        except BaseException:
            line.close()
            raise
        self._keep(line)
        return answer

    def _connected(self, target: Target, deadline: float) -> "_Line":
        addresses = self._guard.addresses(target.host, target.port)
        for at, (family, address) in enumerate(addresses, 1):
            left_s = (deadline - time.monotonic()) / (len(addresses) - at + 1)
            try:
                return _Line(target[:3], self._secured(_connect(family, address, left_s), target, deadline))
            except OSError as error:
                if at == len(addresses):
                    raise _no_connection(error, self._timeout_s) from None
        raise AssertionError("the guard raises where there is no address")

    def _secured(self, sock: socket.socket, target: Target, deadline: float) -> socket.socket:
        if not target.secure:
            return sock
        try:
            sock.settimeout(_left(deadline))
            return self._tls.wrap_socket(sock, server_hostname=target.host)
        except BaseException:
            sock.close()
            raise

    def _take(self, origin: _Origin) -> "_Line | None":
        """A kept connection that is neither old nor closed by the other side."""
        with self._lock:
            kept, self._kept = self._kept, []
            fresh = [line for line in kept if line.is_fresh()]
            found = next((line for line in fresh if line.origin == origin), None)
            self._kept = [line for line in fresh if line is not found]
        for line in set(kept) - set(fresh):
            line.close()
        return found

    def _keep(self, line: "_Line") -> None:
        with self._lock:
            if line.reusable and len(self._kept) < self._most_kept:
                self._kept.append(line)
                return
        line.close()


class _Line:
    """One connection."""

    def __init__(self, origin: _Origin, sock: socket.socket) -> None:
        self.origin = origin
        self.reusable = True
        self._socket = sock
        self._until_s = time.monotonic() + KEPT_S

    def is_fresh(self) -> bool:
        """A server that speaks unasked says goodbye."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return time.monotonic() < self._until_s and not poll.poll(0)

    def ask(self, request: bytes, deadline: float) -> Answer:
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(request)
        incoming = _Incoming(self._socket, deadline)
        response = http.client.HTTPResponse(cast(socket.socket, incoming), method="POST")
        try:
            response.begin()
            incoming.deadline = min(deadline, time.monotonic() + _BODY_S)
            self.reusable = _is_read(response) and not response.will_close
            return Answer(response.status, schedule.retry_after_s(response.getheader("Retry-After", ""), wall_s()))
        finally:
            response.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()


class _Incoming(io.RawIOBase):
    """What a server sends, read against one deadline: a header that dribbles in gains no time."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._socket = sock
        self.deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._socket.settimeout(_left(self.deadline))
        return self._socket.recv_into(buffer)


def _is_read(response: http.client.HTTPResponse) -> bool:
    """Whether the whole body came, and soon."""
    try:
        return len(response.read(_MOST_BODY_OCTETS)) < _MOST_BODY_OCTETS
    except (OSError, http.client.HTTPException):
        return False


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


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


def _request(target: Target, headers: dict[str, str], body: bytes) -> bytes:
    lines = [
        f"POST {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        "User-Agent: OTP-Broker",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _no_connection(error: OSError, timeout_s: float) -> BrokerError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return BrokerError(ResponseCode.FAILED, "notifier.certificate", reason=error.verify_message)
    if isinstance(error, ssl.SSLError):
        return BrokerError(ResponseCode.FAILED, "notifier.tls", reason=error.reason or "SSL")
    if isinstance(error, TimeoutError):
        return BrokerError(ResponseCode.FAILED, "notifier.timeout", seconds=round(timeout_s))
    return BrokerError(ResponseCode.FAILED, "notifier.no_connection", reason=error.strerror or type(error).__name__)


def _no_answer(error: Exception, timeout_s: float) -> BrokerError:
    if isinstance(error, TimeoutError):
        return BrokerError(ResponseCode.FAILED, "notifier.timeout", seconds=round(timeout_s))
    return BrokerError(ResponseCode.FAILED, "notifier.no_answer", reason=type(error).__name__)
