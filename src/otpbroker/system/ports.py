"""The TCP ports of this machine: which a process listens on, and whether one is to be had."""

import contextlib
import socket
from pathlib import Path
from typing import Final

_LISTENING: Final = "0A"  # TCP_LISTEN in /proc/net/tcp (proc_net_tcp in the kernel's documentation)


def held_by(pid: int) -> frozenset[int]:
    """The ports that a process listens on, whatever the address; none where it has ended or may not be looked at."""
    own = Path(f"/proc/{pid}/fd")
    inodes = set()
    with contextlib.suppress(OSError):
        for link in own.iterdir():
            with contextlib.suppress(OSError):  # it has closed that one meanwhile
                inodes.add(str(link.readlink()))
    return frozenset(port for port, inode in _listeners() if f"socket:[{inode}]" in inodes)


def _listeners() -> list[tuple[int, str]]:
    """Port and inode of each listening socket."""
    rows: list[list[str]] = []
    for name in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):  # no IPv6
            rows += [row.split() for row in Path(f"/proc/self/net/{name}").read_text().splitlines()[1:]]
    return [(int(row[1].rpartition(":")[2], 16), row[9]) for row in rows if row[3] == _LISTENING]


def is_free(port: int) -> bool:
    """Whether a server could listen there now, at any address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
