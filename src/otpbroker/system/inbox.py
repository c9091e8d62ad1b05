"""The managing end of the sd_notify protocol: states of processes, each from the process that the kernel names."""

import os
import secrets
import socket
import struct
from collections.abc import Iterator

_UCRED = struct.Struct("3i")  # pid, uid, gid: unix(7)
_MAX_OCTETS = 4096


class NotifyInbox:
    """An abstract datagram socket with a random name; `address` is what `$NOTIFY_SOCKET` must hold."""

    def __init__(self) -> None:
        name = f"otpb-{secrets.token_hex(16)}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._socket.bind("\0" + name)
        self.address = "@" + name

    def fileno(self) -> int:
        return self._socket.fileno()

    def messages(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The waiting messages of our own user as (pid, fields); others are dropped."""
        while True:
            try:
                content, ancillary, _, _ = self._socket.recvmsg(_MAX_OCTETS, socket.CMSG_SPACE(_UCRED.size))
            except BlockingIOError:
                return
            for level, kind, data in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                    pid, uid, _ = _UCRED.unpack(data[: _UCRED.size])
                    if uid == os.getuid():
                        yield pid, _fields(content)

    def close(self) -> None:
        self._socket.close()


def _fields(content: bytes) -> dict[str, str]:
    pairs = (line.partition("=") for line in content.decode(errors="replace").split("\n"))
    return {name: value for name, equals, value in pairs if equals}
