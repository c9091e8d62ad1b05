"""The process otpb-dispatch as its tests start it, on simulated modems."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from otpbroker.clients.dispatch import DispatchClient
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.store import Store, render
from otpbroker.secrets import MessageText
from otpbroker.system.files import Paths
from otpbroker.verbs import dispatch as verbs

READY_S = 20.0


class DispatchProcess:
    """Below `root`; `modems` are settings by id. Its log is `root`/log."""

    def __init__(self, root, **modems):
        self.paths = Paths(root)
        self.client = DispatchClient(self.paths.socket("dispatch"))
        self.modems = modems
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(str(root / "notify"))
        self._manager.settimeout(READY_S)
        self._log = (root / "log").open("ab")
        self._process = None

    def write(self, **sections):
        """Settings by section name; the modems from `modems`."""
        modems = tuple(ModemSettings(id=id_, name=id_.upper(), **facts) for id_, facts in self.modems.items())
        store = Store(self.paths)
        store.write("modems", render(ModemsSection(modems=modems)))
        for name, section in sections.items():
            store.write(name, section if isinstance(section, bytes) else render(section))

    def start(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "otpbroker.services.dispatch", "--root", str(self.paths.root)],
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

    def await_ready(self, count):
        """Until so many modems can send."""
        pause, until = threading.Event(), time.monotonic() + READY_S
        while [modem.state for modem in self.status().modems].count("ready") < count:
            assert time.monotonic() < until, self.status().modems
            pause.wait(0.02)
        return self

    def reload(self):
        self._process.send_signal(signal.SIGHUP)
        self.await_word("RELOADING=1")
        return self.await_word("READY=1")

    def kill(self):
        self._process.kill()
        self._process.wait()

    def terminate(self):
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(READY_S)

    def send(self, msisdn="081234567890", text="Kode OTP 482913", deadline_s=20.0, **fields):
        call = verbs.Send(**({"door": "rest", "user": "shop"} | fields), msisdn=msisdn, text=MessageText(text))
        return self.client.send(call, deadline_s)

    def call(self, verb):
        return self.client.call(verb)

    def status(self):
        return self.call(verbs.Status())

    def log(self):
        return Path(self._log.name).read_text()

    def close(self):
        self.client.close()
        if self._process is not None and self._process.poll() is None:
            self.kill()
        self._manager.close()
        self._log.close()
