"""The device's serial console: read all the time, kept in a file, and waited on."""

import re
import socket
import threading
import time
from pathlib import Path


class Serial:
    def __init__(self, path: Path, log: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._log = log
        self._said = ""
        self._changed = threading.Condition()
        self._gone = False
        self._thread = threading.Thread(target=self._read, name="serial console", daemon=True)
        self._thread.start()

    def wait(self, pattern: str, timeout_s: float) -> re.Match:
        """The first place in all that was said since power-on that fits; TimeoutError, ConnectionError at its end."""
        until = time.monotonic() + timeout_s
        with self._changed:
            while True:
                if found := re.search(pattern, self._said):
                    return found
                if self._gone:
                    raise ConnectionError(f"the device went off before it said {pattern!r}: {self._said[-2000:]}")
                if not self._changed.wait(until - time.monotonic()):
                    raise TimeoutError(f"not said in {timeout_s} s: {pattern!r}; but {self._said[-2000:]}")

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._socket.close()

    def _read(self) -> None:
        with self._log.open("ab") as log:
            while received := self._receive():
                log.write(received)
                log.flush()
                with self._changed:
                    self._said += received.decode(errors="replace")
                    self._changed.notify_all()
        with self._changed:
            self._gone = True
            self._changed.notify_all()

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(1 << 16)
        except OSError:
            return b""
