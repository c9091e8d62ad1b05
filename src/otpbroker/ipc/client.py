"""The calling end: blocking calls over a small pool of connections, safe from any thread."""

import socket
import threading
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from otpbroker.ipc import address
from otpbroker.ipc.wire import ANSWERS, ENCODER, Answer, OutgoingCall, Result, Verb, result_of
from otpbroker.secrets import decode_secret


class PeerUnavailableError(Exception):
    """Nobody listens, or the peer went away before it had read the call: nothing was done."""


class AnswerLostError(Exception):
    """The peer went away, or the time was up, after it may have read the call: what it did is not known."""


class Client:
    """Calls verbs of the server at `path`. As many calls at once as there are calling threads; connections are kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[_Line] = []
        self._lock = threading.Lock()

    def call(self, verb: Verb[Result], timeout_s: float | None = 10) -> Result:
        """The verb's answer. Raises the peer's `BrokerError`, `PeerUnavailableError` or `AnswerLostError`."""
        while True:
            line, kept = self._line()
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
        with self._lock:
            self._idle.append(line)
        if answer.error is not None:
            raise answer.error.error()
        return msgspec.json.decode(answer.result, type=result_of(verb), dec_hook=decode_secret)

    def _line(self) -> "tuple[_Line, bool]":
        """An idle connection (kept: it may have died meanwhile) or a new one."""
        with self._lock:
            if self._idle:
                return self._idle.pop(), True
        try:
            return _Line(address.connect(self._path, None)), False
        except OSError as error:
            raise PeerUnavailableError(self._path.name) from error

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().close()


class _Line:
    """One connection, used by one thread at a time."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._received = b""
        self._id = 0

    def call(self, verb: Struct, timeout_s: float | None) -> Answer:
        self._id += 1
        try:
            self._socket.settimeout(timeout_s)
            self._socket.sendall(ENCODER.encode(OutgoingCall(self._id, verb)) + b"\n")
        except OSError as error:
            raise PeerUnavailableError from error
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            answer = ANSWERS.decode(self._read_line(deadline))
            if answer.id == self._id:
                return answer

    def _read_line(self, deadline: float | None) -> bytes:
        while b"\n" not in self._received:
            try:
                if deadline is not None:
                    self._socket.settimeout(max(0.001, deadline - time.monotonic()))
                data = self._socket.recv(65536)
            except OSError as error:
                raise AnswerLostError from error
            if not data:
                raise AnswerLostError
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return line

    def close(self) -> None:
        self._socket.close()
