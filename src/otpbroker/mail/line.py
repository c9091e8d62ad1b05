"""One connection to an SMTP server, every step of it bounded in time. The only place that speaks SMTP."""

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from otpbroker.mail.reach import reach

MAX_REPLY_OCTETS: Final = 65536
_CHUNK_OCTETS: Final = 16384
_GOODBYE_S: Final = 0.5


class Line(smtplib.SMTP):
    """`until` is when what goes on must have ended, in monotonic seconds: from then on everything raises an OSError."""

    def __init__(self, until: float) -> None:
        super().__init__(local_hostname="localhost")
        self.until = until
        self.host = ""
        self.used = 0
        self.begun = False  # a mail that did not come to its end: the next one must say so first

    def left(self) -> float:
        """Seconds left. Raises TimeoutError where there are none."""
        left_s = self.until - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return left_s

    def dial(
        self, host: str, port: int, addresses: Sequence[str] = (), tls: ssl.SSLContext | None = None
    ) -> tuple[int, bytes]:
        """Connect, with TLS from the first octet where there is a `tls`; the server's greeting."""
        self.host = host
        self.sock = reach(host, port, self.left, addresses)
        if tls is not None:
            self.wrap(tls, host)
        return self.getreply()

    def wrap(self, tls: ssl.SSLContext, host: str) -> None:
        """TLS from here on; what was learnt or read ahead before counts no more (RFC 3207 §4.2)."""
        self._connected.settimeout(self.left())
        self.sock = tls.wrap_socket(self._connected, server_hostname=host)
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def send(self, s: Any) -> None:
        octets = s.encode(self.command_encoding) if isinstance(s, str) else s
        try:
            for at in range(0, len(octets), _CHUNK_OCTETS):
                self._connected.settimeout(self.left())
                self._connected.sendall(octets[at : at + _CHUNK_OCTETS])
        except OSError:
            self.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Replies(self._connected, self.left)
        self.file.allowance = MAX_REPLY_OCTETS
        return super().getreply()

    def hang_up(self) -> None:
        """Say goodbye without waiting for an answer."""
        with contextlib.suppress(OSError):
            self.until = time.monotonic() + _GOODBYE_S
            self.putcmd("QUIT")
        self.close()

    @property
    def _connected(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        return self.sock

    @property
    def is_late(self) -> bool:
        return time.monotonic() >= self.until

    def literal(self) -> str:
        """Our end's address as a name for EHLO (RFC 5321 §4.1.3)."""
        address = str(self._connected.getsockname()[0])
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


class _Replies:
    """What the server says, line by line. A server that dribbles gets no more time, one that babbles no more room."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._socket = sock
        self._left = left
        self._received = b""
        self.allowance = MAX_REPLY_OCTETS

    def readline(self, _limit: int = -1) -> bytes:
        while b"\n" not in self._received:
            self._socket.settimeout(self._left())
            octets = self._socket.recv(4096)
            self.allowance -= len(octets)
            if not octets or self.allowance < 0:
                return b""
            self._received += octets
        line, newline, self._received = self._received.partition(b"\n")
        return line + newline

    def close(self) -> None:
        self._received = b""
