import secrets
import socket

import pytest

from otpbroker.system.notify import Notifier


@pytest.fixture
def manager():
    name = f"otpb-test-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0" + name)
        listener.settimeout(5)
        yield listener, Notifier("@" + name)


def test_a_refused_reload_carries_its_reason_before_ready(manager):
    listener, notifier = manager
    notifier.reloading()
    notifier.reloaded("port 80 is\nin use")
    assert listener.recv(4096).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
    assert listener.recv(4096) == b"ERRNO=22\nSTATUS=port 80 is in use\nREADY=1"


def test_nobody_listening_is_no_error():
    Notifier("@otpb-nobody-listens-here").ready()
    Notifier("").stopping()
