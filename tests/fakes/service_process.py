"""One of our processes as its tests start it: below a root prefix of its own, with its word to the service manager."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from otpbroker.system.files import Paths

READY_S = 20.0


class ServiceProcess:
    """`otpbroker.services.SERVICE` with `arguments` after `--root`. Its log is `root`/SERVICE.log."""

    def __init__(self, root, service, *arguments):
        self.paths = Paths(root)
        self._argv = [sys.executable, "-m", f"otpbroker.services.{service}", "--root", str(root), *arguments]
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(str(root / f"notify-{service}"))
        self._manager.settimeout(READY_S)
        self._log = (root / f"{service}.log").open("ab")
        self._process = None

    def start(self):
        self._process = subprocess.Popen(
            self._argv,
            env=os.environ | {"NOTIFY_SOCKET": self._manager.getsockname(), "PYTHONPATH": "src"},
            stderr=self._log,
        )
        self.await_word("READY=1")
        return self

    @property
    def pid(self):
        return self._process.pid

    def await_word(self, word):
        while word not in (said := self._manager.recv(4096).decode()):
            pass
        return said

    def reload(self):
        self._process.send_signal(signal.SIGHUP)
        self.await_word("RELOADING=1")
        return self.await_word("READY=1")

    def kill(self):
        self._process.kill()
        self._process.wait()

    def terminate(self):
        """Ask it to drain and end."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self, timeout_s=READY_S):
        """The exit status; TimeoutError while the process still runs."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def log(self):
        return Path(self._log.name).read_text()

    def close(self):
        if self._process is not None and self._process.poll() is None:
            self.kill()
        self._manager.close()
        self._log.close()
