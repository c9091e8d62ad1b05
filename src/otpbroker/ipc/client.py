"""The calling end: blocking calls over a small pool of connections, safe from any thread."""

import contextlib
import select
import socket
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from otpbroker.ipc import address
from otpbroker.ipc.wire import ANSWERS, ENCODER, Answer, OutgoingCall, Result, Verb, result_of
from otpbroker.readable import readable
from otpbroker.secrets import decode_secret

IDLE_S: Final = 60.0


class PeerUnavailableError(Exception):
    """Nobody listens, or the peer went away before it had read the call: nothing was done."""


class AnswerLostError(Exception):
    """The peer went away, or the time was up, after it may have read the call: what it did is not known."""


class AnswerLateError(AnswerLostError):
    """The time was up. The peer has the call, and may yet do it."""


class Client:
    """Calls verbs of the server at `path`. As many calls at once as there are calling threads; connections are kept for
    the next calls, those that no call has needed for `idle_s` are closed; all of them at once where that is 0.
    """

    def __init__(self, path: Path, idle_s: float = IDLE_S) -> None:
        self._path = path
        self._idle_s = idle_s
        self._idle: deque[tuple[float, _Line]] = deque()  # the longest unused one first
        self._lock = threading.Lock()

    def call(self, verb: Verb[Result], timeout_s: float | None = 10) -> Result:
        """The verb's answer. Raises the peer's `BrokerError`, `PeerUnavailableError` or `AnswerLostError`."""
        while True:
            line, kept = self._line(timeout_s)
            try:
                answer = line.call(verb, timeout_s)
            except PeerUnavailableError:
                line.close()
                if not kept:
                    raise
                continue
            except BaseException:
                line.close()
                raise
            break
        self._keep(line)
        if answer.error is not None:
            raise answer.error.error()
        return msgspec.json.decode(answer.result, type=readable(result_of(verb)), dec_hook=decode_secret)

    def _line(self, timeout_s: float | None) -> "tuple[_Line, bool]":
        """An idle connection (kept: it may have died meanwhile) or a new one. A peer that hangs takes no new ones once
        its queue of them is full.
        """
        with self._lock:
            if self._idle:
                return self._idle.pop()[1], True
        try:
            return _Line(address.connect(self._path, timeout_s)), False
        except OSError as error:
            raise PeerUnavailableError(self._path.name) from error

    def _keep(self, line: "_Line") -> None:
        if not self._idle_s:
            line.close()
            return
        now_s = time.monotonic()
        with self._lock:
            self._idle.append((now_s, line))
            while self._idle[0][0] < now_s - self._idle_s:
                self._idle.popleft()[1].close()

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop()[1].close()


class _Line:
    """One connection, used by one thread at a time."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._received = b""
        self._id = 0

    def call(self, verb: Struct, timeout_s: float | None) -> Answer:
        self._id += 1
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        try:
            self._send(ENCODER.encode(OutgoingCall(self._id, verb)) + b"\n", deadline)
        except OSError as error:
            raise PeerUnavailableError from error
        while True:
            answer = ANSWERS.decode(self._read_line(deadline))
            if answer.id == self._id:
                return answer

    def _send(self, frame: bytes, deadline: float | None) -> None:
        while True:
            with contextlib.suppress(BlockingIOError):
                frame = frame[self._socket.send(frame) :]
            if not frame:
                return
            self._wait_for(select.POLLOUT, deadline)

    def _read_line(self, deadline: float | None) -> bytes:
        while b"\n" not in self._received:
            try:
                self._wait_for(select.POLLIN, deadline)
                data = self._socket.recv(65536)
            except TimeoutError as error:
                raise AnswerLateError from error
            except OSError as error:
                raise AnswerLostError from error
            if not data:
                raise AnswerLostError
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return line

    def _wait_for(self, event: int, deadline: float | None) -> None:
        """As a socket's own timeout, for fewer system calls. Raises TimeoutError."""
        poll = select.poll()
        poll.register(self._socket, event)
        left_ms = None if deadline is None else max(1.0, (deadline - time.monotonic()) * 1000)
        if not poll.poll(left_ms):
            raise TimeoutError

    def close(self) -> None:
        self._socket.close()
