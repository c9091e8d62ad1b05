"""One call to a real server: who is believed, who is not waited for."""

import socket
import threading
import time

import pytest
import trustme

from fakes.webhook_server import WebhookServer
from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.calling.target import Target
from otpbroker.errors import BrokerError
from otpbroker.system.trust import client_tls

HERE = Guard(loopback=True)
HEADERS = {"webhook-id": "msg_1", "webhook-timestamp": "1795744302"}


@pytest.fixture
def server():
    with WebhookServer() as made:
        yield made


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def calling():
    """Makes callers, closed at the end."""
    made = []

    def make(guard=HERE, **options):
        made.append(Caller(guard, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def believing(authority, folder):
    file = folder / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return client_tls(str(file))


def post(caller, url, body=b"{}"):
    return caller.post(Target.of(url), HEADERS, body)


def refused(caller, url):
    began = time.monotonic()
    with pytest.raises(BrokerError) as error:
        post(caller, url)
    return error.value.key, time.monotonic() - began


def test_a_call_is_a_post_and_its_connection_is_kept(calling, server):
    caller = calling()
    for body in (b'{"a":1}', b'{"b":2}'):
        assert post(caller, server.url("/x?y=1"), body)[:2] == (204, None)
    first, second = server.until(2)
    assert (first.path, first.body, second.body) == ("/x?y=1", b'{"a":1}', b'{"b":2}')
    assert (first.headers["host"], first.id) == (f"127.0.0.1:{server.port}", "msg_1")
    assert first.headers["content-type"] == "application/json"
    assert server.connections == 1


def test_statuses_come_back_with_the_pause_that_is_asked_for(calling, server):
    server.answers.extend([500, (503, {"Retry-After": "7"}), (302, {"Location": server.url("/elsewhere")}), 410])
    caller = calling()
    told = [post(caller, server.url())[:2] for _ in range(4)]
    assert told == [(500, None), (503, 7.0), (302, None), (410, None)]
    assert [call.path for call in server.until(4)] == ["/"] * 4


def test_a_certificate_is_checked_and_so_is_its_name(calling, authority, tmp_path):
    caller = calling(context=believing(authority, tmp_path))
    with WebhookServer(authority) as server:
        assert post(caller, server.url(host="localhost")).status == 204
        assert post(caller, server.url(host="localhost")).status == 204
        assert server.connections == 1
        assert refused(caller, server.url(host="127.0.0.1"))[0] == "calling.certificate"
        assert refused(calling(), server.url(host="localhost"))[0] == "calling.certificate"
        assert len(server.calls) == 2
    with WebhookServer(authority, "other.example") as server:
        assert refused(caller, server.url(host="localhost"))[0] == "calling.certificate"
    with WebhookServer() as plain:
        assert refused(caller, f"https://localhost:{plain.port}/")[0] == "calling.tls"
        assert plain.calls == []


def test_what_may_not_be_called_is_not_connected_to(calling, server):
    caller = calling(Guard())
    assert refused(caller, server.url())[0] == "calling.address_refused"
    assert refused(caller, server.url(host="localhost"))[0] == "calling.address_refused"
    assert server.connections == 0


def test_new_rules_hold_for_kept_connections_too(calling, server):
    caller = calling()
    post(caller, server.url())
    caller.judge_by(Guard())
    assert refused(caller, server.url())[0] == "calling.address_refused"


@pytest.mark.parametrize("url", ["http://[:::]/", "https://.localhost/", "https://-/", "http://..", "https://[1:2]:1"])
def test_hosts_that_cannot_be(calling, url):
    assert refused(calling(), url)[0] in ("calling.not_resolved", "calling.address_refused")


def test_nobody_listens(calling):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert refused(calling(), f"http://127.0.0.1:{port}/")[0] == "calling.no_connection"


def dribble(handler):
    """A byte now and then: each is in time, all together are not."""
    handler.close_connection = True
    for octet in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200:
        try:
            handler.wfile.write(bytes([octet]))
        except OSError:
            return
        time.sleep(0.05)


def say(octets):
    def answer(handler):
        handler.close_connection = True
        handler.wfile.write(octets)

    return answer


def test_a_deadline_is_one_for_all(calling, server):
    server.answers.extend([lambda handler: time.sleep(1), dribble])
    for _ in range(2):
        key, took_s = refused(calling(timeout_s=0.3), server.url())
        assert key == "calling.timeout"
        assert took_s < 0.9


def test_a_server_that_never_takes_the_connection(calling):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        port = deaf.getsockname()[1]
        full = [socket.socket() for _ in range(3)]
        for each in full:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        try:
            assert refused(calling(timeout_s=0.3), f"http://127.0.0.1:{port}/")[0] == "calling.timeout"
        finally:
            for each in full:
                each.close()


@pytest.mark.parametrize("nonsense", [b"", b"\0\xff\r\n\r\n", b"HTTP/1.1 ", b"220 smtp ready\r\n", b"x" * 100_000])
def test_nonsense_is_no_answer(calling, server, nonsense):
    server.answers.append(say(nonsense))
    assert refused(calling(), server.url())[0] == "calling.no_answer"


def test_a_body_is_not_waited_for_and_not_kept(calling, server):
    big, chunked = b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 300_000, b"HTTP/1.1 200 OK\r\n"
    chunked += b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    never = threading.Event()

    def unfinished(handler):
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n")
        never.wait(5)

    server.answers.extend([say(big), say(chunked), unfinished, 204])
    caller = calling()
    began = time.monotonic()
    assert [post(caller, server.url()).status for _ in range(4)] == [200, 200, 202, 204]
    assert time.monotonic() - began < 4
    never.set()


def test_a_connection_that_the_server_closed_is_not_used_again(calling, server):
    server.answers.append((200, {"Connection": "close"}))
    caller = calling()
    assert post(caller, server.url()).status == 200
    server.answers.append(say(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))  # keeps silent about closing
    assert post(caller, server.url()).status == 200
    time.sleep(0.05)
    assert post(caller, server.url()).status == 204
    assert server.connections == 3


def test_the_next_address_of_a_name_is_tried(calling, server, monkeypatch):
    v4 = (socket.AF_INET, ("127.0.0.1", server.port))
    v6 = (socket.AF_INET6, ("::1", server.port, 0, 0))
    monkeypatch.setattr(HERE, "addresses", lambda *_: [v6, v4])
    assert post(calling(), server.url(host="localhost")).status == 204
