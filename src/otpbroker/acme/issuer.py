"""One certificate after the other: account, order, records in the DNS, proof, certificate; and the records gone."""

import logging
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from otpbroker.acme import records
from otpbroker.acme.records import Proof
from otpbroker.config.sections.ddns import CloudflareSection
from otpbroker.ddns import driving
from otpbroker.ddns.cloudflare import Api, Refusal, Steps
from otpbroker.ddns.driving import Ask
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.system import x509
from otpbroker.system.files import ensure_folder, write_atomic
from otpbroker.system.trust import client_tls
from otpbroker.verbs.acme import Issue, Step

if TYPE_CHECKING:
    from otpbroker.acme.authority import Challenge
    from otpbroker.acme.propagation import Propagation

_LOG: Final = logging.getLogger(__name__)
Got = TypeVar("Got")


class Issuer:
    """`key` is where the account's key lies. `now` is told each step as it begins."""

    def __init__(self, key: Path, ask: Ask, propagation: "Propagation", now: Callable[[Step], None]) -> None:
        self._key = key
        self._ask = ask
        self._propagation = propagation
        self._now = now

    def issue(self, wanted: Issue) -> str:
        """The chain, in PEM. Raises `BrokerError`."""
        from otpbroker.acme.authority import Authority  # noqa: PLC0415 - twenty megabytes that only this needs

        account = wanted.account
        api = Api(
            CloudflareSection(
                endpoint=account.endpoint, token=account.token, email=account.email, api_key=account.api_key
            )
        )
        self._now("account")
        tls = _trusting(wanted.ca_certificate)
        authority = Authority(wanted.directory, wanted.contact, self._account_key(), tls)
        self._now("order")
        order = authority.order(wanted.request)
        asked = authority.challenges(order)
        proofs: list[Proof] = []
        try:
            self._prove(api, asked, proofs)
            self._now("proof")
            return authority.finish(order, asked, lambda: self._now("certificate"))
        finally:
            self._tidy(api, proofs)

    def _prove(self, api: Api, asked: "list[Challenge]", proofs: list[Proof]) -> None:
        self._now("records")
        for host in {records.host_of(challenge.name) for challenge in asked}:
            self._do(records.clear(api, host))
        for challenge in asked:
            proof = self._do(records.put(api, records.host_of(challenge.name), challenge.value))
            proofs.append(proof)  # one by one: those before one that fails are to be taken away
        self._now("seen")
        self._propagation.wait(proofs)

    def _tidy(self, api: Api, proofs: list[Proof]) -> None:
        """What cannot be taken away now is by the next try."""
        for proof in proofs:
            try:
                self._do(records.remove(api, proof))
            except BrokerError as error:
                _LOG.warning("left at Cloudflare: %s (%s)", proof.host, error)

    def _do(self, steps: Steps[Got]) -> Got:
        try:
            return driving.drive(steps, self._ask)
        except Refusal as refusal:
            verdict = refusal.verdict
            raise BrokerError(ResponseCode.FAILED, verdict.key, retry_after_s=None, **verdict.params) from None

    def _account_key(self) -> Secret:
        """Made once: the authority knows the account by it."""
        try:
            return Secret(self._key.read_text("ascii"))
        except (OSError, UnicodeDecodeError):
            made = x509.new_key()
        try:
            ensure_folder(self._key.parent, 0o700)
            write_atomic(self._key, made.encode(), 0o600)
        except OSError as error:
            raise BrokerError(ResponseCode.FAILED, "acme.no_key", reason=str(error.strerror)) from error
        return Secret(made)


def _trusting(ca_certificate: str) -> ssl.SSLContext:
    try:
        return client_tls(ca_certificate)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BrokerError(ResponseCode.FAILED, "acme.ca_certificate", reason=reason) from None
