"""What the HTTP edge of the real process does with requests that are refused, slow, or too many."""

import concurrent.futures
import contextlib
import select
import socket
import threading
import time

import pytest

from fakes.dispatch import modem
from fakes.http import basic
from fakes.waiting import waits_for

SMS = '{"command":"send-sms","data":{"msisdn":"08126666666","message":"x"}}'


@pytest.mark.parametrize(
    "auth",
    [
        basic("user", "wrong"),
        basic("user", ""),
        basic("blocked"),
        basic("idle"),
        basic("nobody"),
        basic("nobody", ""),
        "Bearer x",
    ],
)
def test_wrong_credentials_are_401_with_a_challenge(client, auth):
    answer = client.request("POST", "/api/sms", SMS, auth)
    assert (answer.status, answer.code) == (401, "1100")
    assert answer.headers["www-authenticate"].startswith("Basic realm=")


def test_the_password_is_checked_before_the_body_is_read(shared_api):
    with shared_api.client() as client:
        client.raw(b"POST /api/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n")
        assert client.answer().status == 401
        assert client.is_closed()


def test_ten_wrong_passwords_close_the_door_to_all_but_the_known(api, own_client):
    assert own_client.sms().status == 200
    statuses = [own_client.request("POST", "/api/sms", SMS, basic("user", str(n))).status for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    answer = own_client.request("POST", "/api/sms", SMS, basic("other"))
    assert (answer.status, answer.code) == (429, "1107")
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert own_client.sms().status == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/api/sms", 405, "POST, PUT"),
        ("DELETE", "/api/block", 405, "POST, PUT"),
        ("OPTIONS", "/api/sms", 405, "POST, PUT"),
        ("POST", "/healthz", 405, "GET, HEAD"),
        ("POST", "/nothing", 404, None),
        ("GET", "/", 404, None),
        ("POST", "/api/sms/", 404, None),
    ],
)
def test_addresses_and_methods(client, method, path, status, allow):
    answer = client.request(method, path, SMS if method == "POST" else "", basic())
    assert answer.status == status
    assert answer.headers.get("allow") == allow
    assert answer.code == "1105"


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"POST /api/sms HTTP/1.1\r\nContent-Length: 16385\r\n\r\n", 413),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (b"get / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET //[::1/ HTTP/1.1\r\n\r\n", 400),
        (b"GET http://h:99999/ HTTP/1.1\r\n\r\n", 400),
        (b"\xff\xfe \x00 \r\n\r\n", 400),
        (b"CONNECT x:1 HTTP/1.1\r\n\r\n", 405),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n", 400),
    ],
)
def test_what_is_no_request_is_answered_in_json_and_hung_up(shared_api, octets, status):
    with shared_api.client() as client:
        client.raw(octets)
        answer = client.answer()
        assert answer.status == status
        assert answer.code == "1105"
        assert answer.headers["cache-control"] == "no-store"
        assert client.is_closed()


def test_a_body_of_16_kib_is_taken_and_one_more_is_not(client):
    for size, status in ((16384, 200), (16385, 413)):
        body = '{"command":"echo","data":""}'
        body = body.replace('""', '"' + "x" * (size - len(body)) + '"')
        assert client.request("POST", "/api/sms", body, basic()).status == status


def test_chunked_bodies_and_100_continue(client):
    head = f"POST /api/sms HTTP/1.1\r\nHost: x\r\nAuthorization: {basic()}\r\n"
    client.raw(
        f"{head}Transfer-Encoding: chunked\r\n\r\n13\r\n".encode()
        + b'{"command": "echo",\r\n9\r\n"data":7}\r\n0\r\n\r\n'
    )
    assert client.answer().data == 7
    client.raw(f"{head}Expect: 100-continue\r\nContent-Length: 28\r\n\r\n".encode())
    assert client.answer(head_only=True).status == 100
    client.raw(b'{"command":"echo","data":77}')
    assert client.answer().data == 77
    client.raw(b"POST /api/sms HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 28\r\n\r\n")
    assert client.answer().status == 401


def test_keep_alive_pipelining_and_http_1_0(shared_api):
    request = f"POST /api/sms HTTP/1.1\r\nAuthorization: {basic()}\r\nContent-Length: 28\r\n\r\n".encode()
    with shared_api.client() as client:
        client.raw((request + b'{"command":"echo","data":11}') * 5)
        assert [client.answer().data for _ in range(5)] == [11] * 5
    with shared_api.client() as client:
        client.raw(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert client.answer().headers["connection"] == "close"
        assert client.is_closed()
    with shared_api.client() as client:
        client.raw(b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        assert client.answer().headers["connection"] == "Keep-Alive"
        assert client.request("HEAD", "/healthz").body == b""
        assert client.request("GET", "/healthz").json == {"status": "ok"}


def test_slow_clients_hold_up_nobody(shared_api):
    """As many as bare cheroot has threads, several times over: each sends the first half of a head, and waits."""
    slow = [socket.create_connection(("127.0.0.1", shared_api.port)) for _ in range(300)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(b"POST /api/sms HTTP/1.1\r\nHost:"[: 1 + number % 29])
        with shared_api.client(timeout_s=3) as client:
            for _ in range(20):
                assert client.sms().status == 200
    finally:
        for connection in slow:
            connection.close()


def test_a_head_and_a_body_have_five_seconds_however_slowly_they_drip(api):
    def drip(octets):
        began = time.monotonic()
        with api.client(timeout_s=0.7) as client:
            client.raw(octets)
            while time.monotonic() - began < 15:
                try:
                    client.raw(b"x")
                    answer = client.answer()
                except TimeoutError:
                    continue
                except ConnectionError:
                    return None, time.monotonic() - began
                return answer.status, time.monotonic() - began
        return "held", 15

    head = b"POST /api/sms HTTP/1.1\r\nX: "
    body = f"POST /api/sms HTTP/1.1\r\nAuthorization: {basic()}\r\nContent-Length: 999\r\n\r\n".encode()
    with api.client() as client:
        client.sms()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for (status, seconds), wanted in zip(pool.map(drip, [head, body]), [None, 408], strict=True):
            assert status == wanted
            assert 4 < seconds < 12


def test_a_burst_right_after_the_start_is_one_password_check_and_all_sent(api):
    body = f"POST /api/sms HTTP/1.1\r\nAuthorization: {basic()}\r\nContent-Length: {len(SMS)}\r\n\r\n{SMS}"
    clients = [api.client() for _ in range(80)]
    for client in clients:
        client.raw(body.encode())
    assert [client.answer().status for client in clients] == [200] * 80


def test_when_all_threads_wait_more_are_503_at_once_and_the_probes_answer(api):
    api.dispatch.modems[:] = []
    waiting = api.dispatch.by_number["08121"] = threading.Event()
    body = SMS.replace("08126666666", "08121")
    request = f"POST /api/sms HTTP/1.1\r\nAuthorization: {basic()}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    with contextlib.ExitStack() as stack:
        probe = stack.enter_context(api.client())
        waits_for(lambda: probe.request("GET", "/readyz").status == 503)  # without modems there are 96 places
        clients = [stack.enter_context(api.client()) for _ in range(100)]
        for client in clients:
            client.raw(request.encode())
        waits_for(lambda: len(answered(clients)) == 4)
        refused = answered(clients)
        assert [
            (answer.status, answer.code, answer.headers["retry-after"])
            for answer in (client.answer() for client in refused)
        ] == [(503, "1107", "1")] * 4
        probe.socket.settimeout(3)
        for path, status in (("/healthz", 200), ("/readyz", 503), ("/metrics", 200), ("/openapi.json", 200)):
            assert probe.request("GET", path).status == status
        waiting.set()
        assert [client.answer().code for client in clients if client not in refused] == ["0000"] * 96


def answered(clients):
    readable, _, _ = select.select([client.socket for client in clients], [], [], 0)
    return [client for client in clients if client.socket in readable]


def test_readiness_and_metrics(api, own_client):
    assert own_client.request("GET", "/readyz").json == {"status": "ready"}
    own_client.sms()
    own_client.request("POST", "/api/sms", SMS, basic("user", "wrong"))
    answer = own_client.request("GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    text = answer.body.decode()
    assert 'otpb_api_requests_total{status="200",code="0000"} 1' in text
    assert 'otpb_api_requests_total{status="401",code="1100"} 1' in text
    assert "otpb_api_auth_failures_total 1" in text
    assert 'otpb_modem_ready{modem="m0",state="ready"} 1' in text
    api.dispatch.modems[:] = [modem(connected=False)]
    waits_for(lambda: own_client.request("GET", "/readyz").json == {"status": "no modem can send"})
    api.dispatch.stop()
    waits_for(lambda: own_client.request("GET", "/readyz").json == {"status": "dispatch does not answer"})
    assert own_client.request("GET", "/readyz").status == 503
    assert b"otpb_dispatch_up 0" in own_client.request("GET", "/metrics").body
