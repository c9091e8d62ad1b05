"""Unix socket addresses of any length: bound and connected through a folder descriptor (`sun_path` holds 108 bytes)."""

import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

from otpbroker.system import activation
from otpbroker.system.files import give_to_group


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def listen(path: Path, group: str | None = None, *, backlog: int = 128) -> socket.socket:
    """A listening socket at `path`, mode 0660, of `group` where there is one; a stale one is replaced. One that systemd
    holds for us is taken as it is.
    """
    held = activation.inherited()
    if held is not None:
        held.setblocking(False)
        return held
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _short(path) as address:
        listener.bind(address)
    path.chmod(0o660)
    give_to_group(path, group or "")
    listener.listen(backlog)
    listener.setblocking(False)
    return listener


def connect(path: Path, timeout_s: float | None) -> socket.socket:
    """A connected blocking socket. Raises OSError where nobody listens, or nobody takes it in time."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if timeout_s is not None:  # Python's own timeout would not wait in a full queue of connections at all
            left = struct.pack("ll", int(timeout_s), int(timeout_s % 1 * 1e6) or 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, left)
        with _short(path) as address:
            connection.connect(address)
        connection.settimeout(timeout_s)
    except OSError:
        connection.close()
        raise
    return connection
