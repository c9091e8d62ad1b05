"""Whether a port of this device is listened on."""

import socket
from typing import Final

_TIMEOUT_S: Final = 0.3


def listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), _TIMEOUT_S):
            return True
    except OSError:
        return False
