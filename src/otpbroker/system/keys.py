"""Keyed digests for what is kept on disk: names of senders and numbers that nobody can turn back (DESIGN §4).

Texts are never digested for the disk, keyed or not: a six-digit code falls out of a digest in under a second. The
fingerprint of a content uses a key that lives and dies with the process.
"""

import hashlib
import logging
import secrets
from pathlib import Path
from typing import Final

from otpbroker.secrets import MessageText
from otpbroker.system.files import write_atomic

_LOG: Final = logging.getLogger(__name__)
KEY_OCTETS: Final = 32


def device_key(path: Path) -> bytes:
    """The device's own key, made from the kernel's random source at first use (mode 0600)."""
    try:
        key = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        key = b""
    if len(key) != KEY_OCTETS:
        key = secrets.token_bytes(KEY_OCTETS)
        try:
            write_atomic(path, key, mode=0o600)
        except OSError as error:
            _LOG.warning("the device key cannot be stored (%s); it lasts as long as this process", error.strerror)
    return key


class Keys:
    def __init__(self, key: bytes) -> None:
        self._key = key
        self._process_key = secrets.token_bytes(KEY_OCTETS)

    def message_id(self) -> str:
        """A fresh name for a message: 24 hex digits nobody can guess."""
        return secrets.token_hex(12)

    def number(self, msisdn: str) -> int:
        """A signed 64-bit name of a number: compact in an index."""
        digest = hashlib.blake2b(msisdn.encode(), key=self._key, digest_size=8, person=b"number")
        return int.from_bytes(digest.digest(), "big", signed=True)

    def sender(self, kind: bytes, *names: str) -> bytes:
        """A sender's own name for a message: door, user, id or idempotency key, number."""
        joined = "\x00".join(names).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(joined, key=self._key, digest_size=16, person=kind).digest()

    def content(self, msisdn: str, text: MessageText) -> bytes:
        """The content's fingerprint, for memory only."""
        joined = f"{msisdn}\x00{text.reveal()}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(joined, key=self._process_key, digest_size=16).digest()
