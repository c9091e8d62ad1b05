"""The serving end of our processes' one way to meet: JSON lines on a Unix socket, one reader thread (DESIGN §2)."""

import logging
import os
import select
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc import address
from otpbroker.ipc.connection import Connection, FrameTooLongError, Reply
from otpbroker.ipc.wire import MAX_FRAME_OCTETS
from otpbroker.readable import readable
from otpbroker.secrets import decode_secret
from otpbroker.system.peercred import Peer, may_connect, peer_of

_LOG: Final = logging.getLogger(__name__)


class _RequestId(Struct):
    id: int = 0


class Server:
    """Listens at `path` and hands every call to `handler(call, peer, reply)` in the reader thread.

    `verbs` is the union of the tagged structs that may be called; anything else is answered 1105. The handler must not
    block; it may keep `reply` and answer later from another thread. A `BrokerError` it raises becomes the answer.
    `group` names the Unix group whose members may connect beside root and our own user. `idle` is called once, in the
    reader thread, when nobody has been connected for `idle_s`; nobody new is taken then.
    """

    def __init__(
        self,
        path: Path,
        verbs: Any,
        handler: Callable[[Any, Peer, Reply], None],
        group: str | None = None,
        max_frame_octets: int = MAX_FRAME_OCTETS,
        *,
        idle_s: float | None = None,
        idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._idle_s = idle_s
        self._idle = idle
        self._max_frame_octets = max_frame_octets
        request = msgspec.defstruct("Request", [("id", int), ("call", verbs)], frozen=True)
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(readable(request), dec_hook=decode_secret)
        self._handler = handler
        self._group = group
        self._listener = address.listen(path, group)
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll = select.epoll()
        self._connections: dict[int, Connection] = {}
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="ipc", daemon=True)

    def start(self) -> None:
        self._epoll.register(self._listener, select.EPOLLIN)
        self._epoll.register(self._wake, select.EPOLLIN)
        self._thread.start()

    def stop_listening(self) -> None:
        """No new clients from now on; the connected ones get the answers still due."""
        if self._listener.fileno() >= 0:
            self._epoll.unregister(self._listener)
            self._listener.close()

    def stop(self) -> None:
        self._stopping = True
        os.eventfd_write(self._wake, 1)
        self._thread.join()
        for connection in self._connections.values():
            connection.close()
        self._epoll.close()
        self._listener.close()
        os.close(self._wake)

    def _serve(self) -> None:
        listener = self._listener.fileno()
        while not self._stopping:
            happened = self._epoll.poll(None if self._connections else self._idle_s)
            if not happened and not self._connections:
                self._rest()
            for descriptor, events in happened:
                if descriptor == listener:
                    self._accept()
                elif descriptor in self._connections:
                    self._attend(self._connections[descriptor], events)

    def _rest(self) -> None:
        """Who comes now is the next life's, which finds him waiting."""
        self._idle_s = None
        self.stop_listening()
        self._idle()

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError:
            return
        peer = peer_of(sock)
        if not may_connect(peer, self._group):
            _LOG.warning("refused a connection of user %d", peer.uid)
            sock.close()
            return
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 262144)
        connection = Connection(sock, peer, self._epoll.modify, self._max_frame_octets)
        self._connections[connection.descriptor] = connection
        self._epoll.register(sock, select.EPOLLIN)

    def _attend(self, connection: Connection, events: int) -> None:
        if events & select.EPOLLOUT:
            connection.flush()
        if not events & ~select.EPOLLOUT:
            return
        try:
            lines = connection.frames()
        except FrameTooLongError:
            lines = None
        if lines is None:
            self._drop(connection)
            return
        for line in lines:
            self._call(connection, line)

    def _drop(self, connection: Connection) -> None:
        self._epoll.unregister(connection.descriptor)
        del self._connections[connection.descriptor]
        connection.close()

    def _call(self, connection: Connection, line: bytes) -> None:
        try:
            request = self._decoder.decode(line)
        except msgspec.DecodeError as error:
            Reply(connection, _id_of(line)).error(
                BrokerError(ResponseCode.INVALID_REQUEST, "ipc.not_understood", detail=_detail(error))
            )
            return
        reply = Reply(connection, request.id)
        try:
            self._handler(request.call, connection.peer, reply)
        except BrokerError as error:
            reply.error(error)


def _detail(error: msgspec.DecodeError) -> str:
    """Msgspec names types and paths; the one message that quotes a value (an unknown verb) is cut short."""
    return str(error)[:100]


def _id_of(line: bytes) -> int:
    try:
        return msgspec.json.decode(line, type=readable(_RequestId)).id
    except msgspec.DecodeError:
        return 0
