"""The HTTP edge with an application that echoes, against octets that a client should not send."""

import contextlib
import socket
import stat
import threading
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from otpbroker.ipc import address
from otpbroker.system.workers import Workers
from otpbroker.web.http import Response
from otpbroker.web.server import MAX_SLOW_READERS, Server
from otpbroker.web.stream import WRITE_TIMEOUT_S

REQUESTS = [
    b"POST /api/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
    b"GET //h:1/a%2Fb?x=1#f HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
]
MARKS = st.sampled_from(
    [b"\r\n", b"\n", b"\r\n\r\n", b" ", b":", b"/", b"%", b"[", b"]", b"#", b"\x00", b"\xff", b"-1"]
)


class Echo:
    def __init__(self):
        self.statuses = []

    def __call__(self, request):
        request.header("Accept")
        return Response(200, request.read_body() or b"{}")

    def refuse(self, status):
        self.statuses.append(status)
        return Response(status, b"{}")


@pytest.fixture(scope="module")
def served():
    app, workers = Echo(), Workers(4)
    server = Server(("127.0.0.1", 0), app, workers)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server.socket.getsockname()[1], app
    server.stop()
    workers.stop(5)
    thread.join(5)
    assert not thread.is_alive()


def exchange(port, octets):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(octets)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while data := client.recv(65536):
            answer += data
    return answer


@st.composite
def mangled(draw):
    request = draw(st.sampled_from(REQUESTS))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(request)))
        cut = draw(st.integers(0, 4))
        request = request[:at] + draw(MARKS | st.binary(max_size=3)) + request[at + cut :]
    return request


@given(mangled())
@example(b"GET //[::1/ HTTP/1.1\r\n\r\n")
@example(REQUESTS[0] * 3)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_arrives_is_answered_or_hung_up_and_never_unexpected(served, octets):
    port, app = served
    answer = exchange(port, octets)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert 500 not in app.statuses
    assert exchange(port, REQUESTS[0]).endswith(b"hello")


class Endless:
    """Streams until nobody listens."""

    def __init__(self):
        self.closed = threading.Event()

    def __call__(self, request):
        return Response(200, b"", "text/event-stream", stream=self._chunks())

    def _chunks(self):
        try:
            while True:
                yield b"data: " + b"x" * 60_000 + b"\n\n"
        finally:
            self.closed.set()

    def refuse(self, status):
        return Response(status, b"")


def test_a_stream_ends_when_its_client_goes_and_its_thread_is_free_again():
    app, workers = Endless(), Workers(1)
    server = Server(("127.0.0.1", 0), app, workers)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    for _ in range(2):  # the second one needs the only worker
        app.closed.clear()
        with socket.create_connection(server.socket.getsockname()[:2], timeout=5) as client:
            client.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            head = client.recv(65536)
            assert head.startswith(b"HTTP/1.1 200 ")
            assert b"Connection: close" in head
            assert b"Content-Length" not in head
        assert app.closed.wait(5)
    server.stop()
    workers.stop(5)
    thread.join(5)


def test_browsers_that_do_not_read_take_no_thread_from_others():
    class Large:
        def __call__(self, request):
            return Response(200, bytes(16 * 1024 * 1024) if request.path == "/large" else b"{}")

        def refuse(self, status):
            return Response(status, b"{}")

    workers = Workers(MAX_SLOW_READERS + 2)
    server = Server(("127.0.0.1", 0), Large(), workers)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    port = server.socket.getsockname()[1]
    with contextlib.ExitStack() as open_ones:
        for _ in range(3 * MAX_SLOW_READERS):
            client = open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        assert exchange(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").endswith(b"{}")
        assert time.monotonic() - began < WRITE_TIMEOUT_S / 2
    server.stop()
    workers.stop(10)
    thread.join(5)


class Teller:
    """Says who it takes the client for."""

    def __call__(self, request):
        return Response(200, f"{request.address}|{request.scheme}".encode(), "text/plain")

    def refuse(self, status):
        return Response(status, b"{}")


@contextlib.contextmanager
def telling(where):
    workers = Workers(2)
    server = Server(where, Teller(), workers)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        workers.stop(5)
        thread.join(5)


TOLD = b"GET / HTTP/1.0\r\nX-Real-IP: 10.1.2.3\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n"


def over_unix(path, octets):
    with address.connect(path, 5) as client:
        client.sendall(octets)
        answer = b""
        while data := client.recv(65536):
            answer += data
    return answer.rpartition(b"\r\n\r\n")[2]


def test_only_the_network_edge_is_asked_who_the_client_is(tmp_path):
    with telling(("127.0.0.1", 0)) as server:
        answer = exchange(server.socket.getsockname()[1], TOLD)
        assert answer.endswith(b"\r\n\r\n127.0.0.1|http")
    with telling(tmp_path / "http"):
        assert over_unix(tmp_path / "http", TOLD) == b"10.1.2.3|https"
        assert over_unix(tmp_path / "http", b"GET / HTTP/1.0\r\n\r\n") == b"|http"


def test_a_socket_of_any_length_replaces_a_stale_one_and_is_not_for_everybody(tmp_path):
    path = tmp_path / ("a-long-folder-" * 9) / "http"
    address.listen(path).close()
    with telling(path):
        assert over_unix(path, TOLD) == b"10.1.2.3|https"
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
