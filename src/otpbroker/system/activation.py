"""The sockets that systemd holds for us, so that nobody finds nobody at home (sd_listen_fds(3))."""

import os
import socket
from collections.abc import MutableMapping
from typing import Final

_FIRST: Final = 3  # SD_LISTEN_FDS_START
_TOLD: Final = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")
_TAKEN: Final = "taken"


def inherited(name: str = "", environment: MutableMapping[str, str] = os.environ) -> socket.socket | None:
    """The socket with this name (`FileDescriptorName=`), or the one that has none of its own; each once. None where we
    were started without. Our children shall not take it for theirs.
    """
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    ours = environment.get("LISTEN_PID") == str(os.getpid()) and environment.get("LISTEN_FDS") == str(len(names))
    found = next((at for at, each in enumerate(names) if _is_meant(each, name)), None) if ours else None
    if found is not None:
        names[found] = _TAKEN
        environment["LISTEN_FDNAMES"] = ":".join(names)
    if not ours or set(names) == {_TAKEN}:
        for told in _TOLD:
            environment.pop(told, None)
    if found is None:
        return None
    os.set_inheritable(_FIRST + found, False)
    return socket.socket(fileno=_FIRST + found)


def _is_meant(given: str, name: str) -> bool:
    """A socket without a name of its own is called like its unit."""
    return given == name if name else given in ("", "unknown") or given.endswith(".socket")
