"""The addresses of this machine's interfaces, and word of their changes: rtnetlink(7)."""

import ipaddress
import os
import socket
import struct
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from otpbroker.system.netlink import AddressChanges

_NEW_ADDRESS, _GET_ADDRESS, _ERROR, _DONE = 20, 22, 2, 3
_REQUEST_DUMP: Final = 0x1 | 0x300
_HEADER: Final = struct.Struct("=IHHII")
_ADDRESS: Final = struct.Struct("=BBBBI")  # struct ifaddrmsg
_ATTRIBUTE: Final = struct.Struct("=HH")
_IFA_ADDRESS, _IFA_LOCAL, _IFA_FLAGS = 1, 2, 8
_TEMPORARY: Final = 0x01
_UNUSABLE: Final = 0x08 | 0x20 | 0x40  # duplicate, deprecated, tentative
_OCTETS: Final = 65_536


class Address(Struct, frozen=True):
    """`temporary`: an IPv6 address that its machine changes by itself (RFC 8981)."""

    interface: str
    text: str
    temporary: bool = False


def addresses() -> frozenset[Address]:
    """Those of the whole world's scope that may be used now. Raises OSError."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE) as link:
        link.settimeout(5.0)
        link.send(_HEADER.pack(_HEADER.size + _ADDRESS.size, _GET_ADDRESS, _REQUEST_DUMP, 1, 0) + bytes(_ADDRESS.size))
        found: set[Address] = set()
        while True:
            for kind, body in _messages(link.recv(_OCTETS)):
                if kind == _DONE:
                    return frozenset(found)
                if kind == _ERROR:
                    raise OSError(-struct.unpack_from("=i", body)[0], "netlink")
                if kind == _NEW_ADDRESS and (one := _address(body)) is not None:
                    found.add(one)


class Changes:
    """`fileno` is readable when addresses may have changed; `take` says whether they have. A router that renews what it
    gave is no change.
    """

    def __init__(self) -> None:
        self._told = AddressChanges(ipv6=True)
        self._known = addresses()

    def fileno(self) -> int:
        return self._told.fd

    def take(self) -> bool:
        self._told.drain()
        known, self._known = self._known, addresses()
        return known != self._known

    def close(self) -> None:
        self._told.close()


def _messages(octets: bytes) -> Iterator[tuple[int, bytes]]:
    while len(octets) >= _HEADER.size:
        length, kind, _flags, _sequence, _pid = _HEADER.unpack_from(octets)
        yield kind, octets[_HEADER.size : length]
        octets = octets[max(_aligned(length), _HEADER.size) :]


def _address(body: bytes) -> Address | None:
    """None for what only this machine or its network can use."""
    family, _prefix, flags, scope, index = _ADDRESS.unpack_from(body)
    given = dict(_attributes(body[_ADDRESS.size :]))
    octets = given.get(_IFA_LOCAL, given.get(_IFA_ADDRESS, b""))
    if len(given.get(_IFA_FLAGS, b"")) == 4:
        flags = struct.unpack("=I", given[_IFA_FLAGS])[0]
    if scope or flags & _UNUSABLE or len(octets) not in (4, 16) or family not in (socket.AF_INET, socket.AF_INET6):
        return None
    try:
        name = socket.if_indextoname(index)
    except OSError:  # it went meanwhile
        return None
    temporary = family == socket.AF_INET6 and bool(flags & _TEMPORARY)
    return Address(os.fsdecode(name), str(ipaddress.ip_address(octets)), temporary)


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    while len(octets) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(octets)
        yield kind, octets[_ATTRIBUTE.size : length]
        octets = octets[max(_aligned(length), _ATTRIBUTE.size) :]


def _aligned(length: int) -> int:
    return (length + 3) & ~3
