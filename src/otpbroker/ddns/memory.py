"""How records stand, on disk: what a restart must know. It holds no secret, only a salted fingerprint of settings."""

import contextlib
import hashlib
import logging
import secrets
from typing import Final

import msgspec
from msgspec import Struct, field

from otpbroker.config.sections._base import Section
from otpbroker.ddns.record import Standing
from otpbroker.readable import readable
from otpbroker.secrets import encode_revealed
from otpbroker.system.files import Paths, ensure_folder, write_atomic

_LOG: Final = logging.getLogger(__name__)
_WORK: Final = {"n": 2**12, "r": 8, "p": 1, "maxmem": 16 * 1024 * 1024}  # so that no password is guessed from it


class Kept(Struct, kw_only=True, forbid_unknown_fields=True):
    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    records: dict[str, Standing] = {}


class Memory:
    """A file that cannot be read, or written, costs an update too many, never a record."""

    def __init__(self, paths: Paths) -> None:
        self._path = paths.state / "ddns/records.json"
        self.kept = Kept()
        with contextlib.suppress(OSError, msgspec.DecodeError):
            self.kept = msgspec.json.decode(self._path.read_bytes(), type=readable(Kept))

    def save(self) -> None:
        try:
            ensure_folder(self._path.parent)
            write_atomic(self._path, msgspec.json.encode(self.kept), 0o600)
        except OSError as error:
            _LOG.error("not kept: %s", error.strerror)

    def fingerprint(self, section: Section) -> str:
        """Of settings with their secrets: tells whether they have changed, and nothing else."""
        told = msgspec.json.encode(section, enc_hook=encode_revealed)
        return hashlib.scrypt(told, salt=bytes.fromhex(self.kept.salt), dklen=16, **_WORK).hex()
