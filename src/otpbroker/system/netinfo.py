"""The network interfaces of this machine, as the kernel tells anybody (by netifaces, which nobody else loads)."""

import contextlib
import fcntl
import ipaddress
import socket
import struct
from typing import Any, Final

from msgspec import Struct

with contextlib.suppress(ImportError):  # packaged by Debian, else to be compiled: told as a machine without interfaces
    import netifaces

_SIOCGIFFLAGS: Final = 0x8913  # netdevice(7)
_RUNNING: Final = 0x40  # IFF_RUNNING: up, with a carrier
_REQUEST: Final = struct.Struct("16sH14x")


class InterfaceFacts(Struct, frozen=True, kw_only=True):
    """`addresses` come with the length of their prefix, IPv4 first; `gateways` by what they are reached."""

    name: str
    link: bool
    mac: str
    addresses: tuple[str, ...]
    gateways: tuple[str, ...]


def interfaces() -> list[InterfaceFacts]:
    """All but the loopback. One that goes while we look is left out."""
    if "netifaces" not in globals():
        return []
    gateways = _gateways()
    found = []
    for name in netifaces.interfaces():
        with contextlib.suppress(ValueError, OSError):
            if name != "lo":
                found.append(_facts(name, gateways.get(name, ())))
    return found


def _facts(name: str, gateways: tuple[str, ...]) -> InterfaceFacts:
    told = netifaces.ifaddresses(name)
    return InterfaceFacts(
        name=name,
        link=_has_link(name),
        mac=next((each["addr"] for each in told.get(netifaces.AF_LINK, ()) if "addr" in each), ""),
        addresses=tuple(
            address
            for family in (netifaces.AF_INET, netifaces.AF_INET6)
            for each in told.get(family, ())
            if (address := _with_prefix(each))
        ),
        gateways=gateways,
    )


def _with_prefix(told: dict[str, str]) -> str:
    """IPv6 addresses come with their interface, IPv6 masks with the length after them."""
    address = told.get("addr", "").partition("%")[0]
    mask = told.get("netmask", "").rpartition("/")[2]
    try:
        length = int(mask) if mask.isdigit() else _length(mask)
        return str(ipaddress.ip_interface(f"{address}/{length}"))
    except ValueError:
        return address


def _length(mask: str) -> int:
    """The ones of a mask. Raises ValueError for what is none."""
    return int(ipaddress.ip_address(mask)).bit_count()


def _gateways() -> dict[str, tuple[str, ...]]:
    """By interface; the default ones only."""
    told: dict[Any, Any] = netifaces.gateways()
    found: dict[str, tuple[str, ...]] = {}
    for family in (netifaces.AF_INET, netifaces.AF_INET6):
        for gateway, interface, *_ in told.get(family, ()):
            if gateway not in found.get(interface, ()):
                found[interface] = (*found.get(interface, ()), gateway)
    return found


def _has_link(name: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking:
        told = fcntl.ioctl(asking, _SIOCGIFFLAGS, _REQUEST.pack(name.encode(), 0))
    _, flags = _REQUEST.unpack(told[: _REQUEST.size])
    return bool(flags & _RUNNING)
