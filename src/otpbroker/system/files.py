"""Where things lie under the root prefix, and the one way settings and state reach the disk."""

import contextlib
import fcntl
import grp
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct


class Paths(Struct, frozen=True):
    """The device's folders below a root prefix: `/` on the device, `./var` in development (SPEC §10)."""

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / "etc/otpbroker"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def state(self) -> Path:
        return self.root / "var/lib/otpbroker"

    @property
    def factory(self) -> Path:
        """What first boot made for this one device: sections under the schema's defaults, the reset text."""
        return self.state / "factory"

    @property
    def cache(self) -> Path:
        """What can be made again."""
        return self.root / "var/cache/otpbroker"

    @property
    def log(self) -> Path:
        """What the services log, where no journal keeps it."""
        return self.run / "log"

    @property
    def network_taken(self) -> Path:
        """Says by being there that the machine's network is ours, and what to put back when it is given back."""
        return self.state / "network-taken"

    def alarms(self, service: str) -> Path:
        """What a service that does not run all the time has found to need a hand; gone with each boot."""
        return self.run / "otpb-alarms" / f"{service}.json"

    @property
    def clock_set(self) -> Path:
        """Says by being there that somebody has set the clock since the machine started."""
        return self.run / "otpbroker/clock-set"

    @property
    def certificate(self) -> Path:
        """What HTTPS shows now, told to all: `otpbroker.verbs.keystore.ShownCertificate` as JSON."""
        return self.run / "otpbroker/certificate.json"

    def socket(self, service: str) -> Path:
        """The Unix socket of a service (`dispatch`, `apply`, …)."""
        return self.run / f"otpb-{service}" / "sock"

    def edge(self, service: str, name: str = "http") -> Path:
        """The Unix socket on which a service speaks HTTP with the network edge."""
        return self.run / f"otpb-{service}" / name


def write_atomic(path: Path, content: bytes, mode: int = 0o640, group: str = "") -> None:
    """Replace `path` as a whole: after a power cut it holds the old octets or the new ones, never a mixture.

    Raises OSError (disk full, read-only); the old file is then untouched and no temporary file stays. `group` may read
    it, where we are root and there is such a group: on the device, not in development.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            give_to_group(stream.fileno(), group)
            os.fsync(stream.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def lead(path: Path, target: str) -> None:
    """Make `path` a link to `target` in one step; with an empty `target` there is none afterwards. Raises OSError."""
    if not target:
        path.unlink(missing_ok=True)
        return
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    temporary.symlink_to(target)
    try:
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def give_to_group(file: int | Path, group: str) -> None:
    """Make `file` the group's, as far as we may and there is one."""
    with contextlib.suppress(KeyError, PermissionError):
        os.chown(file, -1, grp.getgrnam(group).gr_gid)


def sync_folder(folder: Path) -> None:
    """Make renames and removals inside `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def ensure_folder(folder: Path, mode: int = 0o750) -> Path:
    """`folder`, made with its parents where it is missing; an existing one keeps its mode."""
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[int]:
    """Hold an exclusive flock on `path`; the descriptor. With `wait` False a held lock raises BlockingIOError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield descriptor
    finally:
        os.close(descriptor)
