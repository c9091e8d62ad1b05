import contextlib
import socket
import threading
import time

import pytest

from otpbroker.clients.apply import ApplyClient
from otpbroker.clients.dispatch import DispatchClient
from otpbroker.errors import BrokerError
from otpbroker.ipc import address
from otpbroker.ipc.server import Server
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import Document, GetSection, ListSections, SetSection
from otpbroker.verbs.dispatch import Message, Ussd


class Mute:
    """Takes what is asked; with `dies` it goes away at once, else it says nothing."""

    def __init__(self, path, *, dies):
        self.asked = []
        self._dies = dies
        self._open = []
        self._listener = address.listen(path)
        self._listener.setblocking(True)
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self.asked.append(line.recv(65536))
                self._open.append(line)
                if self._dies:
                    line.close()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._open:
            line.close()


@pytest.fixture
def mute(tmp_path):
    made = []

    def make(name, *, dies):
        made.append(Mute(Paths(tmp_path).socket(name), dies=dies))
        return made[-1]

    yield make
    for each in made:
        each.close()


USSD = Ussd(modem="m0", code="*858*1#")
STATE = Message(message_id="x", door="panel")


def refusal(call, *arguments):
    began = time.monotonic()
    with pytest.raises(BrokerError) as refused:
        call(*arguments)
    return refused.value.key, time.monotonic() - began


def test_one_that_hangs_is_waited_for_once(tmp_path, mute):
    there = mute("dispatch", dies=False)
    key, took_s = refusal(DispatchClient(Paths(tmp_path).socket("dispatch")).call, STATE, 0.4)
    assert (key, len(there.asked), took_s < 0.7) == ("dispatch.unavailable", 1, True)


def test_a_lost_answer_is_asked_for_again_unless_it_costs_something(tmp_path, mute):
    there = mute("dispatch", dies=True)
    client = DispatchClient(Paths(tmp_path).socket("dispatch"))
    assert refusal(client.call, STATE, 5)[0] == "dispatch.unavailable"
    assert len(there.asked) == 2
    assert refusal(client.call, USSD, 5)[0] == "dispatch.in_doubt"
    assert len(there.asked) == 3


def test_one_that_hangs_and_takes_no_more_connections_keeps_nobody(tmp_path):
    path = Paths(tmp_path).socket("dispatch")
    with address.listen(path, backlog=0), contextlib.ExitStack() as queued:
        queued.enter_context(address.connect(path, 1))  # backlog=0 still lets one wait
        key, took_s = refusal(DispatchClient(path).call, STATE, 0.3)
    assert (key, 0.3 <= took_s < 1) == ("dispatch.unavailable", True)


def test_a_change_waits_for_the_settings_process_to_come_back(tmp_path):
    paths = Paths(tmp_path)
    client = ApplyClient(paths, restart_s=5)
    server = Server(paths.socket("apply"), GetSection, lambda _call, _peer, reply: reply.result(Document(document={})))
    timer = threading.Timer(0.3, server.start)
    timer.start()
    try:
        assert client.call(GetSection(section="sms")).document == {}
    finally:
        timer.join()
        server.stop()
        client._client.close()


def test_one_that_stays_away_is_waited_for_once(tmp_path):
    client = ApplyClient(Paths(tmp_path), restart_s=0.3)
    first, waited_s = refusal(client.call, ListSections())
    assert (first, 0.3 <= waited_s < 1) == ("apply.unavailable", True)
    again, waited_s = refusal(client.call, ListSections())
    assert (again, waited_s < 0.1) == ("apply.unavailable", True)


def test_a_change_that_may_have_been_made_is_never_made_again(tmp_path, mute):
    there = mute("apply", dies=True)
    change = SetSection(section="general", values={"device_name": Secret("x")})
    assert refusal(ApplyClient(Paths(tmp_path), restart_s=0.3).call, change)[0] == "apply.lost"
    assert len(there.asked) == 1
