"""The key store: what is put into it, judged and brought to one form, and what it holds, without a key.

Only here are files of others opened, as otpb-apply: the panel passes on what was uploaded and understands none of it.
"""

import datetime as dt
import ipaddress
import re
from collections.abc import Sequence
from typing import Any, Final

from otpbroker.apply import certificates, documents
from otpbroker.config.crosscheck import problem
from otpbroker.config.registry import SECTIONS, SectionInfo
from otpbroker.config.schema import SettingsError
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import Certificate, EthernetSection, KeystoreSection, WlanSection
from otpbroker.config.store import Store
from otpbroker.system.clock import wall_s
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import Problem
from otpbroker.verbs.keystore import (
    CertificateFacts,
    CertificateList,
    ImportCertificate,
    KeystoreChange,
    MakeCertificate,
    octets_of,
)

NAME: Final = "keystore"
Plain = documents.Plain
_CERTIFICATE: Final = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.DOTALL)


def put(verb: KeystoreChange, document: Plain, store: Store) -> Plain:
    """`document` with what `verb` brings. Raises `SettingsError`."""
    if isinstance(verb, ImportCertificate):
        chain, key = _imported(verb)
    else:
        chain, key = _made(verb, store)
    entries = documents.entries_of(SECTIONS[NAME], document)
    entry = next((each for each in entries if each["name"] == verb.name), None)
    if entry is None:
        entry = {"name": verb.name, "active": False}
        entries.append(entry)
    entry |= {"certificate": chain, "key": key, "active": entry["active"] or verb.activate}
    if verb.activate:
        one_active(SECTIONS[NAME], document, entry)
    return document


def one_active(info: SectionInfo, document: Plain, entry: dict[str, Any]) -> None:
    """Where `entry` of the key store was made active, no other is."""
    if info.name == NAME and entry.get("active") in (True, "true"):
        for each in documents.entries_of(info, document):
            each["active"] = each is entry


def _imported(verb: ImportCertificate) -> tuple[str, str]:
    from otpbroker.system import certfiles  # noqa: PLC0415 - most devices never need its megabytes

    try:
        return certfiles.unpacked([octets_of(file) for file in verb.files], verb.passphrase.reveal())
    except certfiles.NotTakenError as fault:
        raise SettingsError([Problem(path=f"{NAME}.{verb.name}.{fault.field}", key=f"keystore.{fault.key}")]) from None


def _made(verb: MakeCertificate, store: Store) -> tuple[str, str]:
    from otpbroker.system import x509  # noqa: PLC0415 - as above

    wanted = [each.strip() for each in verb.names if each.strip()] or _own_names(store)
    addresses = [each for each in wanted if _is_address(each)]
    names = [each.lower() for each in wanted if each not in addresses]
    if wrong := [each for each in names if not certificates.HOST_NAME.fullmatch(each)]:
        faults = [problem(f"{NAME}.{verb.name}.names", "expect_host_name", given=each) for each in wrong]
        raise SettingsError(faults)
    begun = max(certificates.FIRST, dt.datetime.fromtimestamp(wall_s(), dt.UTC))
    last = begun.replace(year=begun.year + certificates.YEARS, day=1)
    return x509.parted(x509.self_signed(names or addresses, addresses, certificates.FIRST, last))


def _own_names(store: Store) -> list[str]:
    names = certificates.names_of(store.load(PanelSection))
    return [*names, *certificates.addresses_of(store.load(WlanSection), store.load(EthernetSection))]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def told(store: Store, paths: Paths) -> CertificateList:
    """What there is, and what HTTPS shows now."""
    held = store.load(KeystoreSection).keystore
    return CertificateList(
        certificates=[facts_of(one.certificate, one) for one in held],
        shown=_shown(certificates.shown_now(paths), held),
        https_enabled=store.load(ApiSection).https_enabled,
    )


def _shown(pem: str, held: Sequence[Certificate]) -> CertificateFacts | None:
    """By the name that it has in the key store, where it is from there."""
    if not pem:
        return None
    now = facts_of(pem, Certificate(name="-"))
    known = (facts_of(one.certificate, one) for one in held)
    return next((each for each in known if each.fingerprint == now.fingerprint), facts_of(pem, None))


def facts_of(pem: str, one: Certificate | None) -> CertificateFacts:
    """Without its key, which may stand in `pem` too."""
    from otpbroker.system import certfiles  # noqa: PLC0415 - as above

    says, name, active = certfiles.said(pem), one.name if one else "", bool(one and one.active)
    if says is None:
        return CertificateFacts(name=name, active=active)
    chain = "".join(_CERTIFICATE.findall(pem))
    return CertificateFacts(name=name, active=active, chain=chain, **says._asdict())
