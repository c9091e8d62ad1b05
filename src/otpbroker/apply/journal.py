"""What stood on disk before a change that is under way: whoever finds it finds a change that was cut off."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.readable import readable
from otpbroker.system.files import ensure_folder, sync_folder, write_atomic

_NAME: Final = ".change"
_MODE: Final = 0o600


class Before(Struct, frozen=True, kw_only=True):
    """Files by section, None where there was none, and the services that live by them."""

    files: dict[str, bytes | None]
    services: list[str]


class Journal:
    """In the settings' own folder. The caller holds the lock."""

    def __init__(self, folder: Path, name: str = _NAME) -> None:
        self._path = folder / name

    def begin(self, files: Mapping[str, bytes | None], services: Sequence[str]) -> None:
        """Raises `BrokerError` where the disk refuses; nothing may be changed then."""
        with self._refusing(", ".join(files)):
            ensure_folder(self._path.parent)
            write_atomic(self._path, msgspec.json.encode(Before(files=dict(files), services=list(services))), _MODE)

    def end(self) -> None:
        """The change is whole, or taken back. Raises `BrokerError`: it will be taken back, then."""
        with self._refusing(""):
            if self._path.exists():
                self._path.unlink()
                sync_folder(self._path.parent)

    def cut_off(self) -> Before | None:
        """Raises `BrokerError` where it cannot be read."""
        with self._refusing(""), contextlib.suppress(FileNotFoundError):
            return msgspec.json.decode(self._path.read_bytes(), type=readable(Before))
        return None

    @contextlib.contextmanager
    def _refusing(self, sections: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise BrokerError(ResponseCode.FAILED, "settings.not_saved", section=sections, reason=reason) from error
