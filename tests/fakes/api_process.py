"""The process otpb-api as its tests start it."""

import contextlib
import socket

from fakes.dispatch import FakeDispatch
from fakes.http import Client
from fakes.mail import FakeMail
from fakes.service_process import ServiceProcess
from otpbroker.config import passwords
from otpbroker.config.sections.api import ApiSection, ApiUser, ApiUsersSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store, render
from otpbroker.secrets import Secret

PASSWORD_HASH = passwords.hash_password(Secret("password"))


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_api(root):
    """otpb-api on a free port below `root`, ready, with users `user`, `other`, `blocked` and `idle`."""
    process = ApiProcess(root)
    try:
        yield process.start()
    finally:
        process.close()


class ApiProcess(ServiceProcess):
    """The real process beside fakes of dispatch and mail, with its settings on disk."""

    def __init__(self, root):
        super().__init__(root, "api")
        self.port = self.free_port()
        self.dispatch = FakeDispatch(self.paths.socket("dispatch"))
        self.mail = FakeMail(self.paths.socket("mail"))
        self.write(users={"user": {}, "other": {}, "blocked": {"blocked": True}, "idle": {"active": False}})
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

    def client(self, port=None, **options):
        """A connection, closed with the process at the latest."""
        self._clients.append(Client(port or self.port, **options))
        return self._clients[-1]

    def close(self):
        for client in self._clients:
            client.socket.close()
        super().close()
        self.dispatch.stop()
        self.mail.stop()
