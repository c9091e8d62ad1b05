"""The process otpb-api as its tests start it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from fakes.dispatch import FakeDispatch
from fakes.http import Client
from fakes.mail import FakeMail
from otpbroker.config import passwords
from otpbroker.config.sections.api import ApiSection, ApiUser, ApiUsersSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store, render
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths

PASSWORD_HASH = passwords.hash_password(Secret("password"))


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_api(root):
    """otpb-api on a free port below `root`, ready, with users `user`, `other`, `blocked` and `idle`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(root / "notify"))
        manager.settimeout(15)
        process = ApiProcess(root, manager)
        try:
            yield process.start()
        finally:
            process.close()


class ApiProcess:
    """The real process beside fakes of dispatch and mail, with its settings on disk and its word to the manager."""

    def __init__(self, root, manager):
        self.paths = Paths(root)
        self.port = self.free_port()
        self.dispatch = FakeDispatch(self.paths.socket("dispatch"))
        self.mail = FakeMail(self.paths.socket("mail"))
        self._manager = manager
        self._log = (root / "log").open("w+b")
        self.write(users={"user": {}, "other": {}, "blocked": {"blocked": True}, "idle": {"active": False}})
        self._process = None
        self._clients = []

    free_port = staticmethod(_free_port)

    def write(self, users=None, deadline_s=60.0, **api):
        store = Store(self.paths)
        store.write("api", render(ApiSection(**({"http_port": self.port} | api))))
        store.write("sms", render(SmsSection(deadline_s=deadline_s)))
        if users is not None:
            entries = [
                ApiUser(**({"username": name, "password_hash": PASSWORD_HASH} | facts)) for name, facts in users.items()
            ]
            store.write("api_users", render(ApiUsersSection(api_users=tuple(entries))))

    def start(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "otpbroker.services.api", "--root", str(self.paths.root)],
            env=os.environ | {"NOTIFY_SOCKET": self._manager.getsockname(), "PYTHONPATH": "src"},
            stderr=self._log,
        )
        self.await_word("READY=1")
        return self

    def await_word(self, word):
        while word not in (said := self._manager.recv(4096).decode()):
            pass
        return said

    def reload(self):
        self._process.send_signal(signal.SIGHUP)
        self.await_word("RELOADING=1")
        return self.await_word("READY=1")

    def client(self, port=None, **options):
        """A connection, closed with the process at the latest."""
        self._clients.append(Client(port or self.port, **options))
        return self._clients[-1]

    def terminate(self):
        self._process.send_signal(signal.SIGTERM)

    def wait(self, timeout_s):
        """The exit status; TimeoutError while the process still runs."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None

    def log(self):
        return Path(self._log.name).read_text()

    def close(self):
        for client in self._clients:
            client.socket.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self.dispatch.stop()
        self.mail.stop()
        self._log.close()
