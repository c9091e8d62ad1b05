"""HTTPS without a proxy before it."""

import shutil
import socket
import ssl
import time
from pathlib import Path

import pytest

from fakes.http import Client, basic

PEM = Path("tests/data/localhost.pem")


def secured(port, tls_1_2_cipher=None):
    context = ssl.create_default_context(cafile=PEM)
    if tls_1_2_cipher is not None:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(tls_1_2_cipher)
    client = Client(port)
    try:
        client.socket = context.wrap_socket(client.socket, server_hostname="localhost")
    except OSError:
        client.socket.close()
        raise
    return client


@pytest.fixture
def port(api):
    folder = api.paths.settings / "tls"
    folder.mkdir()
    shutil.copy(PEM, folder / "api.pem")
    port = api.free_port()
    api.write(https_enabled=True, https_port=port)
    api.reload()
    return port


def test_messages_go_over_tls_and_stay_open(api, port):
    with secured(port) as client:
        for _ in range(3):
            assert client.sms(text="x" * 1000).code == "0000"
        body = '{"command":"echo","data":"' + "y" * 16000 + '"}'
        assert len(client.request("POST", "/api/sms", body, basic()).data) == 16000
    with api.client() as client:
        assert client.sms().status == 200


def test_a_body_that_comes_later_and_a_refusal_before_it(port):
    with secured(port) as client:
        client.raw(f"POST /api/sms HTTP/1.1\r\nAuthorization: {basic()}\r\nContent-Length: 27\r\n\r\n".encode())
        time.sleep(0.1)
        client.raw(b'{"command":"echo","data":7}')
        assert client.answer().data == 7
        client.raw(b"POST /api/sms HTTP/1.1\r\nContent-Length: 27\r\n\r\n")
        assert client.answer().status == 401


def test_only_authenticated_ciphers_and_plain_http_breaks_nothing(port):
    with secured(port, "ECDHE-ECDSA-AES128-GCM-SHA256") as client:
        assert client.sms().status == 200
    with pytest.raises(ssl.SSLError):
        secured(port, "ECDHE-ECDSA-AES128-SHA")
    with Client(port) as client:
        client.raw(b"GET /healthz HTTP/1.1\r\n\r\n")
        assert b"HTTP" not in client.socket.recv(100)
    with secured(port) as client:
        assert client.sms().status == 200


def test_clients_that_do_not_shake_hands_hold_up_nobody(port):
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    try:
        with secured(port) as client:
            assert client.sms().status == 200
    finally:
        for connection in idle:
            connection.close()


def test_without_a_certificate_https_stays_closed_and_the_log_says_so(api):
    port = api.free_port()
    api.write(https_enabled=True, https_port=port)
    assert "ERRNO=0" in api.reload()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert "no HTTPS" in api.log()
    with api.client() as client:
        assert client.sms().status == 200
