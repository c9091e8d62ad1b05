"""The kernel's word that an IPv4 address of this machine has come or gone (rtnetlink(7)). Anybody may hear it."""

import contextlib
import socket
from typing import Final

from otpbroker.system import activation

_ROUTE: Final = 0  # NETLINK_ROUTE
_GROUPS: Final = 0x10  # RTMGRP_IPV4_IFADDR
SOCKET_NAME: Final = "addresses"  # of the one that systemd holds for us


class AddressChanges:
    """`fd` becomes readable with each change. What it says is not read: who is told looks at what is so."""

    def __init__(self) -> None:
        held = activation.inherited(SOCKET_NAME)
        self._socket = held or socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _ROUTE)
        if held is None:
            self._socket.bind((0, _GROUPS))
        self._socket.setblocking(False)
        self.fd = self._socket.fileno()

    def drain(self) -> None:
        """Before looking: what changes from now on is told anew."""
        while True:
            try:
                self._socket.recv(65536)
            except BlockingIOError:
                return
            except OSError:  # more than the socket holds: something has changed, and that is all we want to know
                continue

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()
