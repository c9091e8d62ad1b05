"""The simulator as a client sees it: a pty, opened and written like any serial port."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from fakes.at_chat import LENGTH, SUBMIT, Chat
from otpbroker.simulator.client import SimulatorControl, SimulatorRefusedError
from otpbroker.simulator.fleet import SimulatedModems
from otpbroker.simulator.port import BACKLOG_OCTETS


@pytest.fixture
def sim(tmp_path):
    with SimulatedModems(2, tmp_path, echo=False) as modems, SimulatorControl(tmp_path / "control.sock") as control:
        control.ports = modems.ports
        yield control


@pytest.fixture
def chat(sim):
    with Chat(sim.ports[0]) as line:
        yield line


def test_a_submit_is_prompted_accepted_and_recorded(sim, chat):
    before = time.monotonic()
    assert chat.ask("AT") == "\r\nOK\r\n"
    assert chat.submit() == "\r\n+CMGS: 0\r\n\r\nOK\r\n"
    assert chat.submit() == "\r\n+CMGS: 1\r\n\r\nOK\r\n"
    assert [(each.modem, each.tp_mr, each.pdu) for each in sim.submitted()] == [(0, 0, SUBMIT), (0, 1, SUBMIT)]
    assert [(each.number, each.text) for each in sim.received(0)] == [("6281000000126", "hello")] * 2
    assert sim.received(1) == []
    assert before < sim.submitted(since=1)[0].at_s < time.monotonic()
    assert sim.accepted() == 2
    assert sim.counters() == [{"sent": 2}, {}]
    sim.clear()
    assert (sim.submitted(), sim.accepted()) == ([], 0)


def test_a_client_may_close_and_open_again(sim):
    for _ in range(3):
        with Chat(sim.ports[1]) as chat:
            assert "OK" in chat.ask("AT+CGSN")
    used_s = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - used_s < 0.1, "an idle simulator burns no time"


def test_a_client_that_does_not_read_stops_nobody(sim, chat):
    for _ in range(100):
        sim.urc(0, "X" * 4000)
    with Chat(sim.ports[1]) as other:
        assert other.ask("AT") == "\r\nOK\r\n"
    heard = 0
    while not chat.silent():
        heard += len(os.read(chat.fd, 1 << 16))
    assert BACKLOG_OCTETS < heard < 300_000, "what was too much is lost"
    assert chat.ask("AT") == "\r\nOK\r\n"


def test_unplugging_hangs_up_and_replugging_makes_a_new_port(sim, chat, tmp_path):
    sim.unplug(0)
    assert not sim.ports[0].exists()
    with pytest.raises(OSError, match="Input/output error"):
        os.write(chat.fd, b"AT\r")
    sim.replug(0)
    with Chat(sim.ports[0]) as again:
        assert again.ask("AT") == "\r\nOK\r\n"
    sim.replug(0, "ttyUSB5")
    with Chat(tmp_path / "ttyUSB5") as moved:
        assert moved.ask("AT") == "\r\nOK\r\n"
    assert not (tmp_path / "modem0").exists()


def test_unplugged_in_the_middle_of_a_text(sim, chat):
    sim.set(0, unplug_at_text=1)
    chat.begin()
    chat.say(SUBMIT + "\x1a")
    assert not chat.silent(5)
    with pytest.raises(OSError, match="Input/output error"):
        os.write(chat.fd, b"AT\r")
    assert sim.accepted() == 0


def test_latency_is_kept_to_the_millisecond(sim, chat):
    sim.set(latency_s=0.05, prompt_latency_s=0.02)
    took_s = []
    for _ in range(8):
        began = time.monotonic()
        chat.begin()
        took_s.append(time.monotonic() - began)
        began = time.monotonic()
        chat.say(SUBMIT + "\x1a")
        chat.hear("OK\r\n")
        took_s.append(time.monotonic() - began)
    assert min(took_s[0::2]) == pytest.approx(0.02, abs=0.004)
    assert min(took_s[1::2]) == pytest.approx(0.05, abs=0.004)


@pytest.mark.parametrize(("drops", "answers"), [(False, 2), (True, 1)])
def test_input_while_busy_waits_or_is_lost(sim, chat, drops, answers):
    sim.set(0, command_latency_s=0.5, drop_input_while_busy=drops)
    chat.say("AT\r")
    time.sleep(0.03)
    chat.say("AT\r")
    for _ in range(answers):
        assert chat.hear("OK\r\n") == "\r\nOK\r\n"
    assert chat.silent(0.8)


def test_a_late_answer_and_no_answer(sim, chat):
    sim.set(0, late_cmgs=1, late_s=0.1, silent_after_text=1)
    chat.begin()
    chat.say(SUBMIT + "\x1a")
    assert chat.silent()
    assert "+CMGS: 1" in chat.submit()
    assert sim.counters()[0] == {"silent": 1, "late": 1}


def test_one_octet_at_a_time(sim, chat):
    sim.set(0, chunk_octets=1)
    assert chat.ask("AT+CSQ") == "\r\n+CSQ: 21,99\r\n\r\nOK\r\n"
    assert chat.submit().endswith("+CMGS: 0\r\n\r\nOK\r\n")


def test_a_data_call_reaches_whoever_listens_at_its_far_end(sim, chat):
    """pppd is such a peer; here two terminals, over the ptys that it would have."""
    with Chat(sim.ports[0].with_name("network0")) as peer:
        assert chat.ask("ATD*99#", "CONNECT 150000000\r\n")
        chat.say("~\xff}#")
        assert peer.hear("}#") == "~\xff}#"
        peer.say("~\xc0!~")
        assert chat.hear("!~") == "~\xc0!~"
        sim.drop(0)
        assert chat.hear("NO CARRIER\r\n")
        assert chat.ask("AT") == "\r\nOK\r\n"


def test_a_restart_says_so_and_asks_for_the_pin_again(sim, chat):
    sim.set(0, vendor="quectel", pin="1234", restart_s=0.05)
    chat.ask("AT+CPIN=1234")
    assert "READY" in chat.ask("AT+CPIN?")
    assert chat.ask("AT+CFUN=1,1") == "\r\nOK\r\n"
    assert "RDY" in chat.hear("+CFUN: 1\r\n")
    assert "SIM PIN" in chat.ask("AT+CPIN?")


def test_a_hang_ends_by_a_restart(sim, chat):
    sim.set(0, hang="until_restart", restart_s=0.05)
    chat.say("AT\r")
    assert chat.silent()
    assert chat.ask("AT+CFUN=1,1") == "\r\nOK\r\n"
    time.sleep(0.1)
    assert chat.ask("AT") == "\r\nOK\r\n"


def test_registration_is_told_when_asked_for(sim, chat):
    chat.ask("AT+CREG=1")
    sim.set(0, registration=2)
    assert chat.hear("+CREG: 2\r\n")
    chat.ask("AT+CREG=0")
    sim.set(0, registration=1)
    assert chat.silent()


def test_delivery_reports_follow_when_asked_for(sim, chat):
    sim.set(report_delay_s=0.02)
    chat.ask("AT+CNMI=2,1,0,1,0")
    assert chat.submit().endswith("OK\r\n")
    assert chat.silent(), "no report was requested"
    chat.submit("0031" + SUBMIT[4:])
    assert "+CDS: 26\r\n000601" in chat.hear("00\r\n")
    sim.set(0, delivery_reports=False)
    chat.submit("0031" + SUBMIT[4:])
    assert chat.silent()


def test_incoming_sms_are_stored_and_told(sim, chat):
    chat.ask("AT+CNMI=2,1,0,1,0")
    assert sim.inject(0, "Halo 1")
    assert chat.hear('+CMTI: "SM",1\r\n')
    assert chat.ask("AT+CMGR=1").startswith("\r\n+CMGR: 0,,")
    assert sim.inject(0, "panjang " * 40)
    assert chat.hear('+CMTI: "SM",4\r\n').count("+CMTI") == 3
    sim.set(0, memory_full=True)
    assert not sim.inject(0, "Halo 2")


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ('AT+CUSD=1,"*888#",15', '+CUSD: 0,"Pulsa Rp 25.000 s/d 31-12-2030",15'),
        ('AT+CUSD=1,"*777#",15', "+CUSD: 4"),
        ('AT+CSCS="UCS2";+CUSD=1,"002A0038003800380023",15', '+CUSD: 0,"Pulsa Rp 25.000 s/d 31-12-2030",15'),
    ],
)
def test_ussd(chat, request_, answer):
    assert chat.ask(request_, "15\r\n", "4\r\n") == f"\r\nOK\r\n\r\n{answer}\r\n"


def test_ussd_sessions_and_packed_digits(sim, chat):
    assert "+CUSD: 1," in chat.ask('AT+CUSD=1,"*123#",15', "15\r\n")
    assert '+CUSD: 0,"004B0075006F0074' in chat.ask('AT+CUSD=1,"2",15', "72\r\n")
    sim.set(0, ussd_packed=True, ussd={"*100#": {"text": "ok", "coding": "packed"}})
    assert '+CUSD: 0,"EF35",15' in chat.ask('AT+CUSD=1,"AA180C3602",15', "15\r\n")


def test_a_cancelled_session_is_over(chat):
    chat.ask('AT+CUSD=1,"*123#",15', "15\r\n")
    assert chat.ask("AT+CUSD=2") == "\r\nOK\r\n"
    assert chat.ask('AT+CUSD=1,"2",15', "4\r\n") == "\r\nOK\r\n\r\n+CUSD: 4\r\n"


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (b"no json", "malformed"),
        (b'{"op":"explode"}', "explode"),
        (b'{"op":"set","knobs":{"latency":1}}', "latency"),
        (b'{"op":"set","knobs":{"latency_s":"soon"}}', "latency_s"),
        (b'{"op":"unplug","modem":9}', "no such modem"),
    ],
)
def test_wrong_orders_are_refused_and_the_next_is_obeyed(sim, tmp_path, order, reason):
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(tmp_path / "control.sock"))
        lines = raw.makefile("rb")
        raw.sendall(order + b'\n{"op":"get","modem":1}\n')
        refused, obeyed = json.loads(lines.readline()), json.loads(lines.readline())
        lines.close()
    assert not refused["ok"]
    assert reason in refused["error"]
    assert obeyed["result"]["latency_s"] == 0
    with pytest.raises(SimulatorRefusedError, match="nonsense"):
        sim.set(nonsense=1)


def test_sockets_serve_one_client_after_the_other(tmp_path):
    with SimulatedModems(1, tmp_path, sockets=True, echo=False), SimulatorControl(tmp_path / "control.sock") as control:
        for tp_mr in range(2):
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(f"\0abstract:{tmp_path}/modem0")
                lines = line.makefile("rb")
                line.sendall(b"AT+CMGS=%d\r" % LENGTH)
                assert lines.read(4) == b"\r\n> "
                line.sendall(SUBMIT.encode() + b"\x1a")
                assert lines.readline() + lines.readline() == b"\r\n+CMGS: %d\r\n" % tp_mr
                lines.close()
        control.unplug(0)
        with socket.socket(socket.AF_UNIX) as line, pytest.raises(ConnectionRefusedError):
            line.connect(f"\0abstract:{tmp_path}/modem0")


def test_as_a_process_it_ends_cleanly(tmp_path):
    links = tmp_path / "links"
    argv = [sys.executable, "-m", "otpbroker.services.simulator", "--count", "2", "--links", links, "--set", "signal=7"]
    with subprocess.Popen(argv) as process:
        while not (links / "control.sock").exists():
            assert process.poll() is None
            time.sleep(0.02)
        with Chat(links / "modem1") as chat:
            assert "+CSQ: 7" in chat.ask("AT+CSQ")
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert list(links.iterdir()) == []
