import os
import socket

import pytest

from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.network import nginx
from otpbroker.services.edge.__main__ import main


@pytest.fixture
def listening():
    with socket.socket() as server:
        server.bind(("", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def config(tmp_path, listening):
    path = tmp_path / "nginx.conf"
    free = [21990, 21991]
    facts = nginx.Facts(panel=PanelSection(port=free[0]), api=ApiSection(http_port=listening), setup_port=free[1])
    path.write_text(nginx.render(facts))
    return path


def test_a_port_of_somebody_else_is_named_and_refused(config, listening, tmp_path, monkeypatch, capfd):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        assert main([str(config), "2"]) == 1
        said = manager.recv(4096).decode()
    assert f"port {listening}:" in said
    assert "ERRNO=22" in said
    assert f"port {listening}:" in capfd.readouterr().err


def test_one_that_nginx_has_already_is_its_own(config):
    assert main([str(config), str(os.getpid())]) == 0
