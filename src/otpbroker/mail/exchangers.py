"""Which servers take mail for a domain: MX records, else the domain's own addresses (RFC 5321 §5.1, RFC 7505)."""

import ipaddress
import random
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import dns.exception
import dns.rdatatype
import dns.resolver

from otpbroker.mail.failure import Failure
from otpbroker.mail.replies import Fault

MOST: Final = 5
_ANSWER_S: Final = 10.0


class Exchanger(NamedTuple):
    host: str
    addresses: tuple[str, ...]


def is_public(address: str) -> bool:
    """Whether it may belong to a stranger's mail server: a record that points into our own networks is an attack."""
    parsed = ipaddress.ip_address(address)
    return parsed.is_global and not parsed.is_multicast


class Exchangers:
    """Asks the system's name servers. `allowed` tells which addresses may be connected to."""

    def __init__(
        self,
        resolver: Callable[[], dns.resolver.Resolver] = dns.resolver.Resolver,
        allowed: Callable[[str], bool] = is_public,
    ) -> None:
        self._resolver = resolver
        self._allowed = allowed

    def of(self, domain: str, left: Callable[[], float]) -> Iterator[Exchanger]:
        """In the order to try them. `left` tells the seconds left, and raises TimeoutError at the end.

        Raises `Failure`: the recipient's fault where the domain takes no mail at all, else a passing one.
        """
        try:
            resolver = self._resolver()
            for host in self._hosts(resolver, domain, left)[:MOST]:
                found = self._addresses(resolver, host, left)
                allowed = tuple(address for address in found if self._allowed(address))
                if allowed:
                    yield Exchanger(host, allowed)
                elif found:
                    raise Failure(Fault.RECIPIENT, "mail.private_exchanger", host=host)
        except (dns.exception.DNSException, OSError, ValueError):
            raise Failure(Fault.PASSING, "mail.look_up_late", host=domain) from None

    def _hosts(self, resolver: dns.resolver.Resolver, domain: str, left: Callable[[], float]) -> list[str]:
        try:
            records = [*resolver.resolve(domain, "MX", lifetime=min(left(), _ANSWER_S), search=False)]
        except dns.resolver.NXDOMAIN:
            raise Failure(Fault.RECIPIENT, "mail.no_such_host", host=domain) from None
        except dns.resolver.NoAnswer:
            return [domain]
        random.shuffle(records)  # those of equal preference share the load
        hosts = [str(record.exchange).rstrip(".") for record in sorted(records, key=lambda each: each.preference)]
        if hosts == [""]:
            raise Failure(Fault.RECIPIENT, "mail.no_mail_here", host=domain)
        return [host for host in hosts if host]

    def _addresses(self, resolver: dns.resolver.Resolver, host: str, left: Callable[[], float]) -> list[str]:
        found: list[str] = []
        for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
            try:
                answer = resolver.resolve(host, kind, lifetime=min(left(), _ANSWER_S), search=False)
            except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
                continue
            found += [record.to_text() for record in answer]
        return found
