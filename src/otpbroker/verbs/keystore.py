"""What otpb-apply, which alone reads private keys, can be asked about the key store (SPEC §5.2, §8)."""

import base64

from msgspec import Struct

from otpbroker.ipc.wire import Verb
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import Applied, Change

EXPIRES_SOON_S = 21 * 86_400.0  # before that many seconds somebody should know


class CertificateFacts(Struct, frozen=True, kw_only=True):
    """A certificate as people may see it. `name` is the key store's, empty for the device's own; `first` and `last` are
    Unix seconds, between which it holds; `fingerprint` is SHA-256 as browsers write it; `key_kind` such as `EC 256`.
    `chain` is what the server shows, in PEM: nothing of it is secret.
    """

    name: str = ""
    active: bool = False
    subject: str = ""
    names: list[str] = []
    issuer: str = ""
    self_signed: bool = False
    first: float = 0
    last: float = 0
    fingerprint: str = ""
    key_kind: str = ""
    chain: str = ""


class ShownCertificate(Struct, frozen=True, kw_only=True):
    """As much of what HTTPS shows as those may know who read no key: its `name` in the key store (empty: the device's
    own), the end of its time in Unix seconds, and a digest that tells it from others.
    """

    name: str
    last: float
    digest: str


class CertificateList(Struct, frozen=True, kw_only=True):
    """`shown` is what HTTPS shows now, None where nothing speaks HTTPS; `https_enabled`: the settings want it."""

    certificates: list[CertificateFacts] = []
    shown: CertificateFacts | None = None
    https_enabled: bool = False


class ListCertificates(Verb[CertificateList], frozen=True, kw_only=True, tag="certificates"):
    pass


class ImportCertificate(Change[Applied], frozen=True, kw_only=True, tag="import-certificate"):
    """Chain and key under `name`, in place of what has it: the same, made anew. `files` are made by `file_of`: PEM of
    any order, with the key in one or another of them, or PKCS#12. `passphrase` opens key or file. What cannot be shown
    to clients is a problem at `keystore.NAME.files` or `.passphrase`. With `activate` HTTPS shows it from now on;
    without, it stays as active as the one it replaces.
    """

    name: str
    files: list[Secret]
    passphrase: Secret = Secret()
    activate: bool = False


class MakeCertificate(Change[Applied], frozen=True, kw_only=True, tag="make-certificate"):
    """One that we sign ourselves, with a new key: for `names` (host names and addresses), else for all that the device
    is called.
    """

    name: str
    names: tuple[str, ...] = ()
    activate: bool = False


def file_of(octets: bytes) -> Secret:
    """A file as it travels to otpb-apply: PEM as it stands, everything else in Base64."""
    if b"-----BEGIN " in octets:
        return Secret(octets.decode("ascii", "replace"))
    return Secret(base64.b64encode(octets).decode())


def octets_of(file: Secret) -> bytes:
    """The reverse. What is neither comes out as itself."""
    text = file.reveal()
    if "-----BEGIN " in text:
        return text.encode(errors="replace")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return text.encode(errors="replace")


KeystoreChange = ImportCertificate | MakeCertificate
KeystoreVerb = ListCertificates | KeystoreChange
