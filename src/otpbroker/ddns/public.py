"""The address under which this device is known outside."""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Final, Literal

from otpbroker.calling.caller import Caller
from otpbroker.calling.target import Target
from otpbroker.config.sections.ddns import PublicAddressSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.addresses import Address

Kind = Literal["A", "AAAA"]
Look = Callable[[PublicAddressSection, Kind], str]
_VERSIONS: Final = {"A": 4, "AAAA": 6}
_FAMILIES: Final = {"A": socket.AF_INET, "AAAA": socket.AF_INET6}


def looking(caller: Caller, addresses: Callable[[], Iterable[Address]]) -> Look:
    """Looks by the settings. Raises `BrokerError` where there is no public address to be found."""

    def look(settings: PublicAddressSection, kind: Kind) -> str:
        if settings.source == "interface":
            return of_interface(addresses(), settings.interface, kind)
        return _of_web(caller, settings.web_ipv4 if kind == "A" else settings.web_ipv6, kind)

    return look


def _of_web(caller: Caller, sources: Iterable[str], kind: Kind) -> str:
    """What the first that answers says; the error is the last one's."""
    error = BrokerError(ResponseCode.FAILED, "ddns.no_source")
    for source in sources:
        target = Target.of(source)
        try:
            answer = caller.ask("GET", target, {"Accept": "text/plain"}, family=_FAMILIES[kind])
        except BrokerError as refused:
            error = refused
            continue
        found = read(answer.body.decode("ascii", "replace"), kind) if answer.status == 200 else ""
        if found:
            return found
        error = BrokerError(ResponseCode.FAILED, "ddns.source_without", host=target.host)
    raise error


def read(text: str, kind: Kind) -> str:
    """The public address that an answer consists of, or has in a line `ip=…`; empty where there is none. Pure."""
    lines = [line.strip().removeprefix("ip=") for line in text.splitlines()]
    return next((found for line in lines if (found := _public(line, kind))), "")


def _public(text: str, kind: Kind) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    fits = address.version == _VERSIONS[kind] and address.is_global and not address.is_multicast
    return str(address) if fits else ""


def of_interface(addresses: Iterable[Address], interface: str, kind: Kind) -> str:
    """The interface's public address, one that lasts before one that does not. Pure. Raises `BrokerError`."""
    found = [
        (each.temporary, text)
        for each in addresses
        if interface in ("", each.interface) and (text := _public(each.text, kind))
    ]
    if not found:
        name = interface or "*"
        raise BrokerError(ResponseCode.FAILED, "ddns.interface_without", interface=name, version=_VERSIONS[kind])
    return min(found, key=lambda each: each[0])[1]
