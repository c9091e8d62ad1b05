"""dnsmasq's list of who has which address (lease-file format of dnsmasq 2.90, src/lease.c)."""

import ipaddress
from typing import Final

from otpbroker.verbs.network import Lease

_NO_NAME: Final = "*"
MOST: Final = 1000


def parse(text: str, now: float) -> list[Lease]:
    """The leases of IPv4 that are not over at `now` (Unix seconds), by address. A line that is none is left out: it
    is being written, or of IPv6 (after `duid`), which we do not give.
    """
    found = []
    for line in text.splitlines()[:MOST]:
        words = line.split()
        if words[:1] == ["duid"]:
            break
        if (lease := _lease(words)) and (not lease.until or lease.until > now):
            found.append(lease)
    return sorted(found, key=lambda lease: ipaddress.IPv4Address(lease.address))


def _lease(words: list[str]) -> Lease | None:
    """`EXPIRY MAC ADDRESS NAME CLIENT-ID`; a MAC of another kind than Ethernet's begins with its number and `-`."""
    if len(words) < 4 or not (words[0].isascii() and words[0].isdigit()):
        return None
    try:
        address = str(ipaddress.IPv4Address(words[2]))
    except ValueError:
        return None
    return Lease(
        address=address,
        mac=words[1].rpartition("-")[2],
        until=float(words[0][:12]),
        host="" if words[3] == _NO_NAME else words[3],
    )
