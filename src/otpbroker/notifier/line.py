"""One connection to a server that is called, and one request on it, within a deadline (monotonic seconds)."""

import contextlib
import http.client
import io
import select
import socket
import time
from typing import Final, NamedTuple, cast

from otpbroker.notifier import schedule
from otpbroker.notifier.guard import Guard
from otpbroker.notifier.target import Target
from otpbroker.system.clock import wall_s

KEPT_S: Final = 60.0  # the name is resolved anew after it
_MOST_BODY_OCTETS: Final = 64 * 1024  # an answer's body is read and thrown away, so that its connection can be kept
_BODY_S: Final = 1.0

Origin = tuple[Guard, bool, str, int]


class Answer(NamedTuple):
    status: int
    retry_after_s: float | None = None


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

    def ask(self, request: bytes, deadline: float) -> Answer:
        self._socket.settimeout(left_s(deadline))
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
        self._socket.settimeout(left_s(self.deadline))
        return self._socket.recv_into(buffer)


def _is_read(response: http.client.HTTPResponse) -> bool:
    """Whether the whole body came, and soon."""
    try:
        return len(response.read(_MOST_BODY_OCTETS)) < _MOST_BODY_OCTETS
    except (OSError, http.client.HTTPException, ValueError):
        return False


def left_s(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def request(target: Target, headers: dict[str, str], body: bytes) -> bytes:
    lines = [
        f"POST {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        "User-Agent: OTP-Broker",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
