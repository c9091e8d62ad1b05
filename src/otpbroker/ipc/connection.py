"""One client of a server: reads frames in the server's thread, writes answers from any thread."""

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterator

from msgspec import Struct

from otpbroker.errors import BrokerError
from otpbroker.ipc.wire import ENCODER, MAX_FRAME_OCTETS, ErrorFrame, Outgoing
from otpbroker.system.peercred import Peer

MAX_UNSENT_OCTETS = 1024 * 1024


class FrameTooLongError(Exception):
    """A peer sent a line longer than the server takes."""


class Connection:
    def __init__(
        self,
        sock: socket.socket,
        peer: Peer,
        watch: Callable[[int, int], None],
        max_frame_octets: int = MAX_FRAME_OCTETS,
    ) -> None:
        self._max_frame_octets = max_frame_octets
        self._socket = sock
        self._watch = watch
        self._received = b""
        self._unsent = bytearray()
        self._lock = threading.Lock()
        self._closed = False
        self.peer = peer
        self.descriptor = sock.fileno()

    def frames(self) -> Iterator[bytes] | None:
        """The whole lines that have arrived; None when the peer has gone."""
        try:
            data = self._socket.recv(MAX_FRAME_OCTETS)
        except BlockingIOError:
            return iter(())
        except OSError:
            return None
        if not data:
            return None
        *lines, self._received = (self._received + data).split(b"\n")
        if len(self._received) > self._max_frame_octets:
            raise FrameTooLongError
        return iter(lines)

    def send(self, frame: bytes) -> None:
        """Write now what the socket takes; keep the rest for `flush`. A peer that never reads is dropped."""
        with self._lock:
            if self._closed:
                return
            if not self._unsent:
                with contextlib.suppress(BlockingIOError):
                    try:
                        frame = frame[self._socket.send(frame) :]
                    except OSError as error:
                        if isinstance(error, BlockingIOError):
                            raise
                        self._hang_up()
                        return
            if not frame:
                return
            self._unsent += frame
            if len(self._unsent) > MAX_UNSENT_OCTETS:
                self._hang_up()
                return
            self._watch(self.descriptor, select.EPOLLIN | select.EPOLLOUT)

    def flush(self) -> None:
        """The socket takes more: write on."""
        with self._lock:
            if self._closed:
                return
            try:
                del self._unsent[: self._socket.send(self._unsent)]
            except BlockingIOError:
                return
            except OSError:
                self._hang_up()
                return
            if not self._unsent:
                self._watch(self.descriptor, select.EPOLLIN)

    def _hang_up(self) -> None:
        """The reader notices by an empty read and closes; the descriptor stays ours until then."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._socket.close()


class Reply:
    """Where the answer to one request goes; answered once, from any thread."""

    __slots__ = ("_connection", "_id")

    def __init__(self, connection: Connection, request_id: int) -> None:
        self._connection = connection
        self._id = request_id

    def result(self, result: Struct) -> None:
        self._connection.send(ENCODER.encode(Outgoing(self._id, result)) + b"\n")

    def error(self, error: BrokerError) -> None:
        self._connection.send(ENCODER.encode(Outgoing(self._id, None, ErrorFrame.of(error))) + b"\n")
