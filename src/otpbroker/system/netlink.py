"""The kernel's word that an address of this machine has come or gone (rtnetlink(7)). Anybody may hear it."""

import contextlib
import socket
from typing import Final

from otpbroker.system import activation

_ROUTE: Final = 0  # NETLINK_ROUTE
_IPV4, _IPV6 = 0x10, 0x100  # RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR
SOCKET_NAME: Final = "addresses"  # of the one that systemd holds for us


class AddressChanges:
    """`fd` becomes readable with each change of an IPv4 address, with `ipv6` also of those. What it says is not read:
    who is told looks at what is so.
    """

    def __init__(self, *, ipv6: bool = False) -> None:
        held = activation.inherited(SOCKET_NAME)
        self._socket = held or socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _ROUTE)
        if held is None:
            self._socket.bind((0, _IPV4 | _IPV6 if ipv6 else _IPV4))
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
