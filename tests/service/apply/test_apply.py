"""otpb-apply as its clients meet it."""

import contextlib
import threading

import pytest

from otpbroker.ipc.client import Client
from otpbroker.ipc.server import Server
from otpbroker.secrets import Secret
from otpbroker.services.apply.__main__ import Apply
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import GetSection, SetSection
from otpbroker.verbs.supervisor import Reload, Reloaded


class SlowSupervisor:
    """Answers a reload when `go` is set."""

    def __init__(self, paths):
        self.asked, self.go = threading.Event(), threading.Event()
        self.server = Server(paths.socket("supervisor"), Reload, self._reload)
        self.server.start()

    def _reload(self, _verb, _peer, reply):
        self.asked.set()
        threading.Thread(target=lambda: (self.go.wait(10), reply.result(Reloaded(services=[])))).start()

    def close(self):
        self.go.set()
        self.server.stop()


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path)


def test_reading_does_not_wait_for_a_change_that_waits_for_services(paths):
    with contextlib.closing(SlowSupervisor(paths)) as supervisor, contextlib.ExitStack() as after:
        apply = Apply(paths)
        after.callback(apply.stop)
        writer, reader = (after.enter_context(contextlib.closing(Client(paths.socket("apply")))) for _ in range(2))
        changed = []
        verb = SetSection(section="sms", values={"routing": Secret("tariff")})
        changing = threading.Thread(target=lambda: changed.append(writer.call(verb)))
        changing.start()
        assert supervisor.asked.wait(10)
        assert reader.call(GetSection(section="sms")).document["routing"] == "tariff"
        assert not changed
        supervisor.go.set()
        changing.join(10)
        assert changed[0].changed
