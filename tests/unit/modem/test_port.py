import os
import re
import termios
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fakes.peer import Peer
from otpbroker.modem.port import LineSettings, Port, PortGone, PortStalled, PortUnavailable

ALLOWED = re.compile(rb"AT[^\r\x1a\x1b]*\r|[0-9A-F]+\x1a|\x1b")


@pytest.fixture
def peer():
    with Peer() as one:
        yield one


@pytest.fixture
def port(peer):
    with Port.open(peer.path, LineSettings()) as one:
        yield one


LIKELY = st.lists(
    st.sampled_from([b"AT", b"+CMGS=", b"\r", b"\n", b"\x1a", b"\x1b", b"00", b"FF", b"a", b'"', b"\x00"])
    | st.binary(max_size=3),
    max_size=8,
).map(b"".join)


@pytest.fixture(scope="module")
def bare_port():
    master, slave = os.openpty()
    with Port.open(os.ttyname(slave), LineSettings()) as one:
        os.set_blocking(master, False)
        yield one, master
    os.close(master)
    os.close(slave)


@pytest.mark.slow
@pytest.mark.timeout(180)
@settings(max_examples=10_000, deadline=None)
@given(LIKELY)
@example(b"AT\r")
@example(b"\x1b")
@example(b"0011\x1a")
@example(b'AT+CMGS="+62\r\nAT+CMGD=1,4\r')
@example(b"0011\x1b\x1a")
@example(b"AT\r\r")
def test_nothing_else_ever_reaches_the_device(bare_port, octets):
    port, master = bare_port
    try:
        port.write(octets)
    except ValueError:
        with pytest.raises(BlockingIOError):
            os.read(master, 100)
    else:
        assert ALLOWED.fullmatch(octets)
        assert os.read(master, 100) == octets


@pytest.mark.parametrize("octets", [b"AT\r", b"AT+CSQ\r", b"\x1b", b"0011AF\x1a", b'AT+CUSD=1,"*123#",15\r'])
def test_what_a_modem_is_told_gets_through(port, peer, octets):
    port.write(octets)
    deadline = time.monotonic() + 5
    while octets not in peer.raw and time.monotonic() < deadline:
        port.read(0.01)
    assert peer.raw == octets


def test_the_refusal_does_not_repeat_what_was_refused(port):
    with pytest.raises(ValueError) as caught:
        port.write(b"kode 123456")
    assert "123456" not in str(caught.value)


def test_reading_gives_what_came_or_nothing(port, peer):
    assert port.read(0.01) == b""
    peer.say(b"\r\nOK\r\n")
    assert port.read(1) == b"\r\nOK\r\n"


def test_a_hang_up_is_gone_at_once_for_reading_and_writing(port, peer):
    peer.unplug()
    started = time.monotonic()
    with pytest.raises(PortGone):
        port.read(5)
    with pytest.raises(PortGone):
        port.write(b"AT\r")
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("parity", ["N", "E", "O", "M", "S"])
def test_line_settings_reach_the_tty(peer, parity):
    """A pty keeps all of them but the parity; it must still open."""
    with Port.open(peer.path, LineSettings(baud_rate=9600, parity=parity, stop_bits=2)) as port:
        _, _, cflag, lflag, ispeed, ospeed, _ = termios.tcgetattr(port.fd)
        assert ispeed == ospeed == termios.B9600
        assert cflag & termios.CSTOPB
        assert not lflag & (termios.ICANON | termios.ECHO | termios.ISIG)


def test_a_port_has_one_owner(peer):
    with Port.open(peer.path, LineSettings()):
        with pytest.raises(PortUnavailable) as caught:
            Port.open(peer.path, LineSettings())
        assert caught.value.key == "modem.port_busy"
    Port.open(peer.path, LineSettings()).close()


def test_what_is_no_port_is_named(tmp_path):
    for path, key in ((tmp_path / "none", "modem.port_missing"), (tmp_path, "modem.port_not_serial")):
        with pytest.raises(PortUnavailable) as caught:
            Port.open(str(path), LineSettings())
        assert caught.value.key == key
    plain = tmp_path / "file"
    plain.write_text("x")
    with pytest.raises(PortUnavailable) as caught:
        Port.open(str(plain), LineSettings())
    assert caught.value.key == "modem.port_not_serial"


def test_a_link_to_a_pty_is_a_port(peer, tmp_path):
    link = tmp_path / "modem0"
    link.symlink_to(peer.path)
    Port.open(str(link), LineSettings()).close()


def test_a_device_that_takes_nothing_stalls_within_the_deadline():
    master, slave = os.openpty()
    with Port.open(os.ttyname(slave), LineSettings()) as port:
        started = time.monotonic()
        with pytest.raises(PortStalled):
            port.write(b"A" * 1_000_000 + b"\x1a", 0.3)
        assert time.monotonic() - started < 3
    os.close(master)
    os.close(slave)
