"""The listening socket that systemd holds for us, so that nobody finds nobody at home (sd_listen_fds(3))."""

import os
import socket
from collections.abc import MutableMapping
from typing import Final

_FIRST: Final = 3  # SD_LISTEN_FDS_START


def inherited(environment: MutableMapping[str, str] = os.environ) -> socket.socket | None:
    """The socket, once; None where we were started without. Our children shall not take it for theirs."""
    pid, count = environment.pop("LISTEN_PID", ""), environment.pop("LISTEN_FDS", "")
    environment.pop("LISTEN_FDNAMES", None)
    if pid != str(os.getpid()) or count != "1":
        return None
    os.set_inheritable(_FIRST, False)
    return socket.socket(fileno=_FIRST)
