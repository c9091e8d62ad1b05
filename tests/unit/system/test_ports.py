import os
import socket

import pytest

from otpbroker.system import ports


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_that_is_listened_on_is_held_and_not_free(family, address):
    with socket.socket(family) as server:
        server.bind((address, 0))
        port = server.getsockname()[1]
        assert port not in ports.held_by(os.getpid())
        server.listen()
        assert port in ports.held_by(os.getpid())
        if family is socket.AF_INET:
            assert not ports.is_free(port)
    assert port not in ports.held_by(os.getpid())
    assert ports.is_free(port)


def test_nobody_holds_anything():
    assert ports.held_by(2**22 + 1) == frozenset()
