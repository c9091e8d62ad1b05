"""Where connections wait: for the head of their next request, or to be let go. One thread watches them all.

A client that sends its request slowly, or none, costs a descriptor here and no worker. cheroot's own manager hands a
connection to a worker at its first octet, so that ten slow clients stop it.
"""

import contextlib
import logging
import os
import select
import socket
import threading
import time
from typing import TYPE_CHECKING, Final

from otpbroker.web.connection import Connection

if TYPE_CHECKING:
    from otpbroker.web.server import Server

_LOG: Final = logging.getLogger(__name__)
HEAD_TIMEOUT_S: Final = 5.0
IDLE_TIMEOUT_S: Final = 65.0  # above the 60 s after which nginx closes an idle upstream connection, so that it is first
LINGER_TIMEOUT_S: Final = 2.0
MAX_HEAD_OCTETS: Final = 8 * 1024
_ONCE: Final = select.EPOLLIN | select.EPOLLONESHOT


class Room:
    """Takes the place of cheroot's `ConnectionManager`."""

    def __init__(self, server: "Server", listener: socket.socket, capacity: int) -> None:
        self._server = server
        self._listener = listener
        self._capacity = capacity
        self._waiting: dict[int, Connection] = {}
        self._stopping = False
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._stopped = threading.Event()
        self._stopped.set()
        self._epoll = select.epoll()
        listener.setblocking(False)
        self._epoll.register(listener, select.EPOLLIN)
        self._epoll.register(self._wake, select.EPOLLIN)

    can_add_keepalive_connection: Final = True

    def run(self, expiration_interval: float) -> None:
        """Watch until `stop`; called in the server's thread."""
        self._stopped.clear()
        expire_at = time.monotonic() + expiration_interval
        while not self._stopping:
            for descriptor, _ in self._epoll.poll(expiration_interval if self._waiting else -1):
                if descriptor == self._listener.fileno():
                    self._accept()
                elif (connection := self._waiting.pop(descriptor, None)) is not None:
                    self._attend(connection)
            if (now := time.monotonic()) >= expire_at:
                self._expire(now)
                expire_at = now + expiration_interval
        self._stopped.set()

    def put(self, connection: Connection) -> None:
        """The connection's next request may come (called by workers)."""
        if connection.stream.buffered:
            self._advance(connection, time.monotonic() + HEAD_TIMEOUT_S)
        else:
            self._wait(connection, time.monotonic() + IDLE_TIMEOUT_S)

    def linger(self, connection: Connection) -> None:
        """Let the client read its answer before the connection goes: unread octets would reset it under its eyes."""
        with contextlib.suppress(OSError):
            connection.stream.socket.shutdown(socket.SHUT_WR)
        connection.stream.discard()
        connection.lingering = True
        self._wait(connection, time.monotonic() + LINGER_TIMEOUT_S)

    def _wait(self, connection: Connection, deadline: float) -> None:
        """Watch it. No lock is held here: system calls let other threads run, and they would pile up behind it."""
        connection.deadline = deadline
        descriptor = connection.stream.descriptor
        self._waiting[descriptor] = connection
        try:
            try:
                self._epoll.modify(descriptor, _ONCE)
            except FileNotFoundError:
                self._epoll.register(descriptor, _ONCE)
        except (OSError, ValueError):  # the room was closed meanwhile
            self._let_go([descriptor])

    def _accept(self) -> None:
        try:
            sock, address = self._listener.accept()
        except OSError as error:
            if not isinstance(error, BlockingIOError | ConnectionError):
                _LOG.warning("cannot accept a connection: %s", error.strerror)
                self._let_oldest_go()
            return
        if len(self._waiting) >= self._capacity:
            self._let_oldest_go()
        sock.setblocking(False)
        host = address[0] if isinstance(address, tuple) else ""
        connection = Connection(self._server, self._server.stream_of(sock), host)
        self._wait(connection, time.monotonic() + HEAD_TIMEOUT_S)

    def _attend(self, connection: Connection) -> None:
        fresh = connection.stream.buffered == 0
        if not connection.stream.fill():
            connection.close()
        elif connection.lingering:
            connection.stream.discard()
            self._wait(connection, connection.deadline)
        else:
            self._advance(connection, time.monotonic() + HEAD_TIMEOUT_S if fresh else connection.deadline)

    def _advance(self, connection: Connection, deadline: float) -> None:
        """To a worker when the head is complete, else back to waiting."""
        if connection.stream.head_complete(MAX_HEAD_OCTETS):
            self._server.process_conn(connection)
        else:
            self._wait(connection, deadline)

    def _expire(self, now: float) -> None:
        self._let_go([fd for fd, waiting in list(self._waiting.items()) if waiting.deadline < now])

    def _let_oldest_go(self) -> None:
        oldest = min(list(self._waiting.items()), key=lambda waiting: waiting[1].deadline, default=None)
        if oldest is not None:
            self._let_go([oldest[0]])

    def _let_go(self, descriptors: list[int]) -> None:
        for descriptor in descriptors:
            if (connection := self._waiting.pop(descriptor, None)) is not None:
                connection.close()

    def stop(self) -> None:
        """End `run`, from another thread."""
        self._stopping = True
        os.eventfd_write(self._wake, 1)
        self._stopped.wait()

    def close(self) -> None:
        """Hang up on everybody who waits."""
        self._epoll.close()
        os.close(self._wake)
        self._let_go(list(self._waiting))
