"""X.509 certificates: one that we make for ourselves, and whether one that somebody gives can be shown with its key."""

import datetime as dt
import ipaddress
import os
import ssl
from collections.abc import Collection, Sequence
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KEY_FAULTS: Final = ("key_has_passphrase", "not_a_private_key", "key_of_another")
_UNREADABLE: Final = (ValueError, UnsupportedAlgorithm)


def fault_of(chain: str, key: str) -> str:
    """What keeps PEM texts from being shown to clients: a text key after `settings.`, empty where nothing does. The
    server's own certificate comes first in `chain`.
    """
    if "PRIVATE KEY" in chain:
        return "key_in_certificate"
    try:
        certificates = x509.load_pem_x509_certificates(_octets(chain))
        shown = [_spki(each.public_key()) for each in certificates]
    except _UNREADABLE:
        return "not_a_certificate"
    try:
        ours = _spki(load_pem_private_key(_octets(key), None).public_key())
    except TypeError:
        return "key_has_passphrase"
    except _UNREADABLE:
        return "not_a_private_key"
    if shown[0] != ours:
        return "certificate_order" if ours in shown else "key_of_another"
    return "" if _is_taken(_octets(f"{chain}\n{key}")) else "certificate_weak"


def _octets(text: str) -> bytes:
    return text.encode(errors="replace")


def _spki(key: PublicKeyTypes) -> bytes:
    """What two forms of one public key have in common."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_taken(pem: bytes) -> bool:
    """Whether OpenSSL would show it at the level of security that this system is set to."""
    descriptor = os.memfd_create("pem", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"/proc/self/fd/{descriptor}", password="")
    except ssl.SSLError:
        return False
    finally:
        os.close(descriptor)
    return True


def self_signed(names: Sequence[str], addresses: Collection[str], first: dt.datetime, last: dt.datetime) -> str:
    """A new key (P-256) and its certificate for a server of these names and addresses: PEM texts, certificate first.

    It is no authority: whoever tells a computer to trust it trusts this device and nothing else.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    alternatives = [*map(x509.DNSName, names), *(x509.IPAddress(ipaddress.ip_address(each)) for each in addresses)]
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM).decode() + _private_pem(key)


def new_key() -> str:
    """A private key (P-256), in PEM."""
    return _private_pem(ec.generate_private_key(ec.SECP256R1()))


def request(names: Sequence[str]) -> tuple[str, str]:
    """A new key (P-256) and the request to certify it for `names` (RFC 2986), in PEM: the request first."""
    key = ec.generate_private_key(ec.SECP256R1())
    wanted = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    made = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).add_extension(wanted, critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode(), _private_pem(key)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def parted(pem: str) -> tuple[str, str]:
    """Certificate and key of a text that `self_signed` made."""
    at = pem.index("-----BEGIN PRIVATE KEY")
    return pem[:at], pem[at:]


def covers(pem: str, names: Collection[str], addresses: Collection[str]) -> bool:
    """Whether the first certificate in `pem` is for all of these."""
    try:
        certificate = x509.load_pem_x509_certificate(_octets(pem))
        held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (*_UNREADABLE, x509.ExtensionNotFound):
        return False
    found = set(map(str, held.get_values_for_type(x509.IPAddress)))
    return set(names) <= set(held.get_values_for_type(x509.DNSName)) and set(addresses) <= found


def expires(pem: str) -> dt.datetime:
    """When the first certificate in `pem`, which `covers` something, is over."""
    return x509.load_pem_x509_certificate(_octets(pem)).not_valid_after_utc
