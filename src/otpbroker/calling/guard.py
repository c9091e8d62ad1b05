"""Which addresses may be called: nobody who names one shall reach into this device or the networks around it.

A name is resolved once, its addresses are judged, and the call goes to an address that was judged, so that a name
which changes its mind in between gains nothing.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any, Final

from otpbroker.errors import BrokerError, ResponseCode

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SocketAddress = tuple[socket.AddressFamily, tuple[Any, ...]]
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


class Guard:
    """`networks` are private ones that may be called all the same; `loopback`: this machine itself, in development.
    `refused` is the text key of what is not allowed.
    """

    def __init__(
        self, networks: Iterable[str] = (), *, loopback: bool = False, refused: str = "calling.address_refused"
    ) -> None:
        self._networks = [ipaddress.ip_network(network, strict=False) for network in networks]
        self._loopback = loopback
        self._refused = refused

    def allows(self, address: Address) -> bool:
        return all(self._allows(each) for each in _meant(address))

    def _allows(self, address: Address) -> bool:
        if address.is_loopback:
            return self._loopback
        if address.is_unspecified or address.is_multicast or address.is_link_local or address.is_reserved:
            return False
        return _is_public(address) or any(address in network for network in self._networks)

    def addresses(self, host: str, port: int, family: int = 0) -> list[SocketAddress]:
        """The family and socket address of each address of `host` that may be called, in the resolver's order; only
        those of `family` where it is given.

        Raises `BrokerError`: no address at all, or none that may be called.
        """
        try:
            found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise BrokerError(ResponseCode.FAILED, "calling.not_resolved", host=host) from None
        allowed: list[SocketAddress] = [
            (info[0], info[4]) for info in found if self.allows(ipaddress.ip_address(info[4][0]))
        ]
        if not allowed:
            raise BrokerError(ResponseCode.FAILED, self._refused, host=host)
        return allowed


def _is_public(address: Address) -> bool:
    """Python calls the old site-local addresses global."""
    return address.is_global and not getattr(address, "is_site_local", False)


def _meant(address: Address) -> list[Address]:
    """The address, or the IPv4 ones that it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    if address.sixtofour is not None:
        return [address, address.sixtofour]
    return [address, *(address.teredo or ())]
