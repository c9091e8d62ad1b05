"""The backup file: JSON around a box that only a passphrase opens. Pure.

Version 1: `{"format": "otpbroker-backup", "version": 1, "salt", "sealed", "sha256"}`, octets in Base64. `sealed` is a
libsodium secret box (XSalsa20-Poly1305, nonce first) under the key that scrypt (n = 2^15, r = 8, p = 3, 32 octets)
makes of the passphrase in UTF-8 and `salt`; inside is the zlib stream of a `Content` in JSON. All of it is sealed, not
only the secrets: what could be altered could send a password to another host. `sha256` is of salt and sealed, so that a
damaged file is told from a wrong passphrase.
"""

import base64
import binascii
import hashlib
import os
import zlib
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.readable import readable
from otpbroker.secrets import Secret
from otpbroker.verbs.backup import MAX_FILE_OCTETS, Listed

MIN_PASSPHRASE: Final = 10
FORMAT: Final = "otpbroker-backup"
VERSION: Final = 1
_MAX_CONTENT_OCTETS: Final = 16 * 1024 * 1024
_N, _R, _P = 2**15, 8, 3
_SALT_OCTETS: Final = 16
_BAD: Final = ResponseCode.INVALID_REQUEST


class Content(Struct, frozen=True, kw_only=True):
    """`settings` by section, secrets revealed: for the box only."""

    made_at: float
    device: str
    settings: dict[str, dict[str, Any]]
    block_list: Listed | None = None


class _Head(Struct, frozen=True, kw_only=True):
    """What tells a file of ours, of whatever version."""

    format: Literal["otpbroker-backup"]
    version: int


class _File(Struct, frozen=True, kw_only=True):
    format: Literal["otpbroker-backup"] = FORMAT
    version: int = VERSION
    salt: bytes
    sealed: bytes
    sha256: str


def seal(content: Content, passphrase: Secret) -> str:
    """The file. Raises `BrokerError` for a passphrase that is too short, or settings that are too many."""
    if len(passphrase.reveal()) < MIN_PASSPHRASE:
        raise BrokerError(_BAD, "backup.passphrase_short", least=MIN_PASSPHRASE)
    salt = os.urandom(_SALT_OCTETS)
    sealed = bytes(_box(passphrase, salt).encrypt(zlib.compress(msgspec.json.encode(content), 9)))
    file = msgspec.json.encode(_File(salt=salt, sealed=sealed, sha256=_digest(salt, sealed)))
    if len(file) > MAX_FILE_OCTETS:
        raise BrokerError(_BAD, "backup.too_large", limit=MAX_FILE_OCTETS // 1024)
    return msgspec.json.format(file, indent=1).decode() + "\n"


def opened(text: str, passphrase: Secret) -> Content:
    """What is inside. Raises `BrokerError` that says whether it is too large, not ours, another version's, damaged, or
    the passphrase wrong.
    """
    octets = text.encode(errors="replace")
    if len(octets) > MAX_FILE_OCTETS:
        raise BrokerError(_BAD, "backup.too_large", limit=MAX_FILE_OCTETS // 1024)
    file = _read(octets)
    try:
        packed = _box(passphrase, file.salt).decrypt(file.sealed)
    except CryptoError:
        raise BrokerError(_BAD, "backup.wrong_passphrase") from None
    try:
        return msgspec.json.decode(_unpacked(packed), type=readable(Content))
    except (zlib.error, msgspec.DecodeError):
        raise BrokerError(_BAD, "backup.damaged") from None


def _read(octets: bytes) -> _File:
    try:
        head = msgspec.json.decode(octets, type=readable(_Head))
    except (msgspec.DecodeError, RecursionError):
        raise BrokerError(
            _BAD, "backup.damaged" if octets.lstrip()[:200].find(FORMAT.encode()) >= 0 else "backup.not_ours"
        ) from None
    if head.version != VERSION:
        raise BrokerError(_BAD, "backup.other_version", version=head.version, known=VERSION)
    try:
        file = msgspec.json.decode(octets, type=readable(_File))
    except (msgspec.DecodeError, binascii.Error):
        raise BrokerError(_BAD, "backup.damaged") from None
    if file.sha256 != _digest(file.salt, file.sealed):
        raise BrokerError(_BAD, "backup.damaged")
    return file


def _unpacked(packed: bytes) -> bytes:
    """Bounded: a few octets can stand for gigabytes. Raises zlib.error."""
    stream = zlib.decompressobj()
    content = stream.decompress(packed, _MAX_CONTENT_OCTETS)
    if not stream.eof:
        raise zlib.error
    return content


def _box(passphrase: Secret, salt: bytes) -> SecretBox:
    key = hashlib.scrypt(
        passphrase.reveal().encode(errors="replace"),
        salt=salt,
        n=_N,
        r=_R,
        p=_P,
        maxmem=2**26,
        dklen=SecretBox.KEY_SIZE,
    )
    return SecretBox(key)


def _digest(salt: bytes, sealed: bytes) -> str:
    return base64.b64encode(hashlib.sha256(salt + sealed).digest()).decode()
