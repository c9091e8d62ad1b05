"""Whether the zone's own name servers show a record: an authority that looks too early counts it as a failure."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

import dns.exception
import dns.message
import dns.query
import dns.rdatatype

from otpbroker.acme.records import Proof

_LOG: Final = logging.getLogger(__name__)
PATIENCE_S: Final = 120.0
_ASK_S: Final = 3.0
APART_S: Final = 2.0
Resolve = Callable[[str], Iterable[str]]


def resolved(host: str) -> list[str]:
    """The IPv4 addresses of a name server, as the system resolves them; none where nobody tells."""
    try:
        found = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return []
    return [str(each[4][0]) for each in found]


class Propagation:
    """All parameters are others in tests."""

    def __init__(
        self, resolve: Resolve = resolved, port: int = 53, patience_s: float = PATIENCE_S, apart_s: float = APART_S
    ) -> None:
        self._apart_s = apart_s
        self._resolve = resolve
        self._port = port
        self._patience_s = patience_s
        self._pause = threading.Event()

    def wait(self, proofs: Iterable[Proof]) -> bool:
        """Until all are shown; False where some name server has not within our patience. Nothing tells when it does, so
        it is asked again and again.
        """
        end = time.monotonic() + self._patience_s
        return all(self._wait(proof, end) for proof in proofs)

    def _wait(self, proof: Proof, end: float) -> bool:
        addresses = [address for server in proof.name_servers for address in self._resolve(server)]
        while not all(self._shows(address, proof) for address in addresses) or not addresses:
            if not addresses or time.monotonic() > end:
                _LOG.warning("%s is not seen at %s", proof.host, ", ".join(proof.name_servers) or "-")
                return False
            self._pause.wait(self._apart_s)
        return True

    def _shows(self, address: str, proof: Proof) -> bool:
        query = dns.message.make_query(proof.host, dns.rdatatype.TXT)
        try:
            answer = dns.query.udp(query, address, timeout=_ASK_S, port=self._port, ignore_unexpected=True)
        except (dns.exception.DNSException, OSError, ValueError):
            return False
        texts = {b"".join(record.strings).decode("ascii", "replace") for rrset in answer.answer for record in rrset}
        return proof.value in texts
