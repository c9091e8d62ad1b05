"""HTTPS by ourselves, for a laptop; on the device nginx does it (DESIGN §2).

The handshake happens while the connection waits in the `Room`, so a client that does not shake hands holds up nobody
(cheroot's own adapter shakes hands in the accept loop: its issue 748).
"""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from otpbroker.system.trust import server_tls
from otpbroker.web.stream import Stream

_CHUNK: Final = 16384


def securing(pem: Path) -> Callable[[socket.socket], Stream]:
    """Makes streams by the certificate chain and key in `pem`. Raises OSError as `server_tls` does."""
    made = server_tls(pem)
    return lambda sock: TlsStream(sock, made)


class TlsStream(Stream):
    def __init__(self, sock: socket.socket, tls: ssl.SSLContext) -> None:
        self._tls = tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        super().__init__(self._tls)

    def _receive(self) -> bytes:
        """All that is decrypted already too: the socket does not become readable again for it."""
        try:
            data = self._tls.recv(_CHUNK)
            while self._tls.pending():
                data += self._tls.recv(self._tls.pending())
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise BlockingIOError from None
        return data

    def _send(self, data: bytes) -> int:
        try:
            return self._tls.send(data)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise BlockingIOError from None
