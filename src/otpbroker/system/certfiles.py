"""Files with certificates and keys as authorities and programs hand them out, read into one form: PEM, the server's own
certificate first, its key without a passphrase. And what a certificate says of itself.

PEM is RFC 7468, PKCS#12 RFC 7292; certificates are RFC 5280.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    pkcs12,
)

_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm)
_PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_DER: Final = b"\x30"  # a sequence, as certificates, keys and PKCS#12 all begin
MOST_CERTIFICATES: Final = 20


class NotTakenError(Exception):
    """`key` is a text key after `keystore.`; `field` is `files` or `passphrase`."""

    def __init__(self, key: str, field: str = "files") -> None:
        super().__init__(key)
        self.key = key
        self.field = field


class Pair(NamedTuple):
    """PEM texts."""

    chain: str
    key: str


class Said(NamedTuple):
    """What the first certificate of a PEM text says; times in Unix seconds."""

    subject: str
    names: list[str]
    issuer: str
    self_signed: bool
    first: float
    last: float
    fingerprint: str
    key_kind: str


class _Found(NamedTuple):
    certificates: list[x509.Certificate]
    keys: list[PrivateKeyTypes]


def unpacked(files: Sequence[bytes], passphrase: str) -> Pair:
    """The one key of `files` with the certificate that it belongs to, and those above it. Raises `NotTakenError`."""
    found = _Found([], [])
    for octets in filter(None, files):
        try:
            _read(octets, passphrase.encode() or None, found)
        except NotTakenError:
            raise
        except _UNREADABLE as error:
            raise NotTakenError("unreadable") from error
    if not found.certificates:
        raise NotTakenError("no_certificate")
    if not found.keys:
        raise NotTakenError("no_key")
    own, key = _own(found)
    chain = [own, *_above(own, found.certificates)]
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Pair("".join(each.public_bytes(Encoding.PEM).decode() for each in chain), private)


def _read(octets: bytes, passphrase: bytes | None, found: _Found) -> None:
    blocks = list(_PEM.finditer(octets))
    for block in blocks:
        kind = block[1]
        if kind in (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE"):
            found.certificates.append(x509.load_pem_x509_certificate(block[0]))
        elif kind.endswith(b"PRIVATE KEY"):
            found.keys.append(_pem_key(block[0], passphrase))
    if not blocks:
        _read_der(octets, passphrase, found)
    if len(found.certificates) > MOST_CERTIFICATES:
        raise NotTakenError("too_many")


def _pem_key(block: bytes, passphrase: bytes | None) -> PrivateKeyTypes:
    locked = b"ENCRYPTED" in block
    if locked and passphrase is None:
        raise NotTakenError("passphrase_missing", "passphrase")
    try:
        return load_pem_private_key(block, passphrase if locked else None)
    except ValueError as error:
        if locked:
            raise NotTakenError("passphrase_wrong", "passphrase") from error
        raise


def _read_der(octets: bytes, passphrase: bytes | None, found: _Found) -> None:
    if not octets.startswith(_DER):
        raise NotTakenError("unreadable")
    with contextlib.suppress(*_UNREADABLE):
        found.certificates.append(x509.load_der_x509_certificate(octets))
        return
    with contextlib.suppress(*_UNREADABLE):
        found.keys.append(load_der_private_key(octets, None))
        return
    _read_pkcs12(octets, passphrase, found)


def _read_pkcs12(octets: bytes, passphrase: bytes | None, found: _Found) -> None:
    """Some programs write an empty passphrase where none was given, some none at all: both are tried."""
    for given in (passphrase,) if passphrase else (None, b""):
        try:
            key, own, others = pkcs12.load_key_and_certificates(octets, given)
        except ValueError:
            continue
        found.keys.extend([key] if key is not None else [])
        found.certificates.extend([*([own] if own is not None else []), *others])
        return
    raise NotTakenError("passphrase_wrong" if passphrase else "passphrase_missing", "passphrase")


def _own(found: _Found) -> tuple[x509.Certificate, PrivateKeyTypes]:
    """Of several for the same key the one that lasts longest."""
    by_key = {_spki(key.public_key()): key for key in found.keys}
    ours = [each for each in found.certificates if _spki(each.public_key()) in by_key]
    if not ours:
        raise NotTakenError("key_of_another")
    own = max(ours, key=lambda each: each.not_valid_after_utc)
    return own, by_key[_spki(own.public_key())]


def _above(own: x509.Certificate, those: Iterable[x509.Certificate]) -> Iterator[x509.Certificate]:
    """Who signed it, and who signed that one: but not the authority itself, which clients have (RFC 8446 §4.4.2)."""
    left = [each for each in those if each.subject != each.issuer]
    below = own
    while above := next((each for each in left if _signed(above=each, below=below)), None):
        yield above
        left.remove(above)
        below = above


def _signed(*, above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except Exception:  # noqa: BLE001 - it raises whatever the signature's algorithm does
        return False
    return True


def _spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def said(pem: str) -> Said | None:
    """None where `pem` begins with no certificate."""
    try:
        made = x509.load_pem_x509_certificate(pem.encode(errors="replace"))
        return Said(
            subject=_name(made.subject),
            names=_names(made),
            issuer=_name(made.issuer),
            self_signed=made.subject == made.issuer,
            first=made.not_valid_before_utc.timestamp(),
            last=made.not_valid_after_utc.timestamp(),
            fingerprint=made.fingerprint(hashes.SHA256()).hex(":").upper(),
            key_kind=_kind(made.public_key()),
        )
    except _UNREADABLE:
        return None


def _name(name: x509.Name) -> str:
    """The common name, where there is one, else the whole."""
    common = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _names(made: x509.Certificate) -> list[str]:
    try:
        held = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*held.get_values_for_type(x509.DNSName), *map(str, held.get_values_for_type(x509.IPAddress))]


def _kind(key: PublicKeyTypes) -> str:
    match key:
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.key_size}"
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
    return type(key).__name__.lstrip("_").removesuffix("PublicKey")
