"""The simulator as a client sees it: a pty, opened and written like any serial port."""

import os
import select
import time

import pytest

from otpbroker.simulator.client import SimulatorControl
from otpbroker.simulator.fleet import SimulatedModems

PDU = "0011000D91261800000021F60000AA05E8329BFD06"
LENGTH = len(PDU) // 2 - 1


class Chat:
    def __init__(self, port):
        self.fd = os.open(port, os.O_RDWR | os.O_NOCTTY)

    def until(self, *ends, timeout_s=5.0):
        heard, deadline = b"", time.monotonic() + timeout_s
        while not heard.endswith(ends):
            ready, _, _ = select.select([self.fd], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, heard
            heard += os.read(self.fd, 4096)
        return heard

    def ask(self, command, *ends):
        os.write(self.fd, command.encode() + b"\r")
        return self.until(*(ends or (b"\r\nOK\r\n", b"ERROR\r\n"))).decode()

    def submit(self, pdu=PDU, length=LENGTH):
        os.write(self.fd, f"AT+CMGS={length}\r".encode())
        self.until(b"> ")
        os.write(self.fd, pdu.encode() + b"\x1a")
        return self.until(b"OK\r\n", b"ERROR\r\n", b"ERROR: 304\r\n").decode()

    def close(self):
        os.close(self.fd)


@pytest.fixture
def sim(tmp_path):
    with SimulatedModems(2, tmp_path, echo=False) as modems, SimulatorControl(tmp_path / "control.sock") as control:
        control.ports = modems.ports
        yield control


@pytest.fixture
def chat(sim):
    line = Chat(sim.ports[0])
    yield line
    line.close()


def test_a_submit_is_prompted_accepted_and_recorded(sim, chat):
    assert chat.ask("AT") == "\r\nOK\r\n"
    assert chat.submit() == "\r\n+CMGS: 0\r\n\r\nOK\r\n"
    assert chat.submit() == "\r\n+CMGS: 1\r\n\r\nOK\r\n"
    assert [(each.modem, each.tp_mr, each.pdu) for each in sim.submitted()] == [(0, 0, PDU), (0, 1, PDU)]
    assert sim.accepted() == 2
    sim.clear()
    assert sim.submitted() == []


def test_a_wrong_length_is_refused(sim, chat):
    assert chat.submit(length=LENGTH - 1) == "\r\n+CMS ERROR: 304\r\n"
    assert sim.accepted() == 0


def test_a_client_may_close_and_open_again(sim):
    for _ in range(3):
        chat = Chat(sim.ports[1])
        assert "OK" in chat.ask("AT+CGSN")
        chat.close()
    used_s = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - used_s < 0.1, "an idle simulator burns no time"


def test_unplugging_hangs_up_and_replugging_makes_a_new_port(sim, chat):
    sim.unplug(0)
    assert not sim.ports[0].exists()
    with pytest.raises(OSError, match="Input/output error"):
        os.write(chat.fd, b"AT\r")
    sim.replug(0)
    again = Chat(sim.ports[0])
    assert again.ask("AT") == "\r\nOK\r\n"
    again.close()


def test_an_incoming_sms_is_stored_and_told(sim, chat):
    chat.ask("AT+CNMI=2,1,0,1,0")
    assert sim.inject(0, "Halo 1")
    assert chat.until(b'+CMTI: "SM",1\r\n')
    assert chat.ask("AT+CMGR=1").startswith("\r\n+CMGR: 0,,")
    assert sim.inject(0, "panjang " * 40)
    assert chat.until(b'+CMTI: "SM",4\r\n').count(b"+CMTI") == 3
