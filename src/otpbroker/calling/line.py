"""One connection to a server that is called, and one request on it, within a deadline (monotonic seconds)."""

import contextlib
import http.client
import io
import select
import socket
import time
from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from otpbroker.calling.guard import Guard
from otpbroker.calling.retry_after import retry_after_s
from otpbroker.calling.target import Target
from otpbroker.system.clock import wall_s

KEPT_S: Final = 60.0  # the name is resolved anew after it
_MOST_BODY_OCTETS: Final = 64 * 1024
_BODY_S: Final = 1.0

Origin = tuple[Guard, bool, str, int]


class Answer(NamedTuple):
    """`body` is what came of it at once: all of it, where it is neither large nor slow."""

    status: int
    retry_after_s: float | None = None
    body: bytes = b""


class Line:
    """`origin` says whom it is to, and by whose rules."""

    def __init__(self, origin: Origin, sock: socket.socket) -> None:
        self.origin = origin
        self.reusable = True
        self._socket = sock
        self._until_s = time.monotonic() + KEPT_S

    def is_fresh(self) -> bool:
        """A server that speaks unasked says goodbye."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return time.monotonic() < self._until_s and not poll.poll(0)

    def ask(self, request: bytes, deadline: float, body_s: float = _BODY_S) -> Answer:
        """The answer, whose body is waited for no longer than `body_s`."""
        self._socket.settimeout(left_s(deadline))
        self._socket.sendall(request)
        incoming = _Incoming(self._socket, deadline)
        response = http.client.HTTPResponse(cast(socket.socket, incoming), method=request[:5].split()[0].decode())
        try:
            response.begin()
            incoming.deadline = min(deadline, time.monotonic() + body_s)
            body, whole = _read(response)
            self.reusable = whole and not response.will_close
            return Answer(response.status, retry_after_s(response.getheader("Retry-After", ""), wall_s()), body)
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
        self._socket.settimeout(left_s(self.deadline))
        return self._socket.recv_into(buffer)


def _read(response: http.client.HTTPResponse) -> tuple[bytes, bool]:
    """The body, and whether all of it came, and soon."""
    try:
        body = response.read(_MOST_BODY_OCTETS)
    except (OSError, http.client.HTTPException, ValueError):
        return b"", False
    return body, len(body) < _MOST_BODY_OCTETS


def left_s(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def request(method: str, target: Target, headers: Mapping[str, str], body: bytes | None) -> bytes:
    """The octets of a request; `body` is JSON, None where there is none."""
    usual = {"Host": target.authority, "User-Agent": "OTP-Broker"}
    if body is not None:
        usual |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{method} {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in {**usual, **headers}.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line within a line")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + (body or b"")
