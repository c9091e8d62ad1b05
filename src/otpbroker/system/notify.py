"""The service's word to whoever started it: the sd_notify protocol (sd_notify(3)), spoken without a library.

systemd on the device and `scripts/run` in development understand the same words.
"""

import os
import socket
import time


class Notifier:
    """Sends state to `$NOTIFY_SOCKET`; does nothing where there is none. Never raises: a deaf manager stops nobody."""

    def __init__(self, address: str | None = None) -> None:
        address = os.environ.get("NOTIFY_SOCKET", "") if address is None else address
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def ready(self, status: str = "") -> None:
        self._send("READY=1", "ERRNO=0", f"STATUS={status}")

    def reloading(self) -> None:
        """New settings are being read; `reloaded` must follow (`Type=notify-reload`)."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def reloaded(self, refusal: str = "") -> None:
        """Reading has ended. A non-empty `refusal` says why the old settings stay in force."""
        self._send(f"ERRNO={22 if refusal else 0}", f"STATUS={refusal}", "READY=1")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def _send(self, *fields: str) -> None:
        if not self._address:
            return
        message = "\n".join(field.replace("\n", " ") for field in fields).encode()
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.settimeout(1)
                sender.sendto(message, self._address)
        except OSError:
            return
