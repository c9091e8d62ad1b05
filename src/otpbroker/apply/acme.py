"""Certificates of an authority: when one is due, and how it gets into the key store.

The private key is made here and stays here: otpb-acme, which meets the network, gets a request and gives a chain.
"""

import contextlib
import datetime as dt
import logging
from collections.abc import Callable, Collection
from typing import Final

from otpbroker.apply import keystore
from otpbroker.config.sections.acme import AcmeSection
from otpbroker.config.sections.ddns import CloudflareSection
from otpbroker.config.sections.network import KeystoreSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc import address
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.system.synchrony import unix_time_if_synchronised
from otpbroker.verbs.acme import DnsAccount, Issue, OrderCertificate, Ordered
from otpbroker.verbs.apply import Applied
from otpbroker.verbs.keystore import CertificateFacts, ImportCertificate

_LOG: Final = logging.getLogger(__name__)
ISSUE_S: Final = 900.0
BEFORE_S: Final = 30 * 86_400.0
PART: Final = 3  # of its lifetime, for those that live shorter

Change = Callable[[ImportCertificate], Applied]


def is_due(held: CertificateFacts | None, names: Collection[str], now: float | None) -> bool:
    """Whether another certificate is to be got for `names`. Pure; `now` is Unix time, None where nobody knows it."""
    if held is None or {each.lower() for each in names} != {each.lower() for each in held.names}:
        return True
    return now is not None and now >= held.last - min(BEFORE_S, (held.last - held.first) / PART)


class Ordering:
    """`change` puts a certificate into the key store, after the changes before it."""

    def __init__(self, paths: Paths, change: Change) -> None:
        self._paths = paths
        self._store = Store(paths)
        self._change = change

    def check(self) -> None:
        """Raises `BrokerError` where the settings do not suffice."""
        section, account = self._store.load(AcmeSection), self._store.load(CloudflareSection)
        if not section.active:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "acme.inactive")
        if not (account.active and (account.token or (account.email and account.api_key))):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "acme.no_account")

    def order(self, verb: OrderCertificate) -> Ordered:
        """Takes minutes. Raises `BrokerError` where there is no certificate in the end."""
        section = self._store.load(AcmeSection)
        if verb.renewal and not section.active:
            return Ordered(key="acme.not_wanted")
        self.check()
        held = self._held(section)
        if verb.renewal and not is_due(held, section.names, unix_time_if_synchronised()):
            assert held is not None  # noqa: S101 - else it were due
            return Ordered(key="acme.not_due", params={"until": _day(held.last)})
        with contextlib.closing(address.connect(self._paths.socket("apply"), 5.0)):  # so that nobody takes us for idle
            chain, key = self._issued(section)
            self._keep(section, chain, key, verb.by, first=held is None)
        _LOG.info("a certificate for %s", ", ".join(section.names))
        return Ordered(key="acme.done", params={"name": section.name, "until": self._until(section)})

    def _held(self, section: AcmeSection) -> CertificateFacts | None:
        stored = self._store.load(KeystoreSection).keystore
        found = next((one for one in stored if one.name == section.name), None)
        return None if found is None else keystore.facts_of(found.certificate, found)

    def _until(self, section: AcmeSection) -> str:
        held = self._held(section)
        return _day(held.last) if held else "-"

    def _issued(self, section: AcmeSection) -> tuple[str, str]:
        from otpbroker.system import x509  # noqa: PLC0415 - most devices never need its megabytes

        request, key = x509.request([each.lower() for each in section.names])
        account = self._store.load(CloudflareSection)
        verb = Issue(
            request=request,
            names=section.names,
            directory=section.directory,
            contact=section.contact,
            ca_certificate=section.ca_certificate,
            account=DnsAccount(
                endpoint=account.endpoint, token=account.token, email=account.email, api_key=account.api_key
            ),
        )
        client = Client(self._paths.socket("acme"))
        try:
            return client.call(verb, ISSUE_S).chain, key
        except (AnswerLostError, PeerUnavailableError):
            raise BrokerError(ResponseCode.FAILED, "acme.unavailable") from None
        finally:
            client.close()

    def _keep(self, section: AcmeSection, chain: str, key: str, by: str, *, first: bool) -> None:
        """The first one is shown at once; later ones are as active as the one before."""
        files = [Secret(f"{chain.strip()}\n{key}")]
        applied = self._change(ImportCertificate(name=section.name, files=files, activate=first, by=by))
        if applied.problems:
            problem = applied.problems[0]
            raise BrokerError(ResponseCode.FAILED, problem.key, retry_after_s=None, **problem.params)


def _day(unix_s: float) -> str:
    return dt.datetime.fromtimestamp(unix_s, dt.UTC).date().isoformat()
