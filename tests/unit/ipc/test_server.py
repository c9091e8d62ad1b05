import os
import threading
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from fakes.waiting import waits_for
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.address import connect
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.server import Server
from otpbroker.ipc.wire import MAX_FRAME_OCTETS, Verb


class Word(Struct, frozen=True, kw_only=True):
    text: str


class Echo(Verb[Word], frozen=True, kw_only=True, tag="echo"):
    text: str


class Refuse(Verb[Word], frozen=True, kw_only=True, tag="refuse"):
    pass


class Hold(Verb[Word], frozen=True, kw_only=True, tag="hold"):
    pass


@pytest.fixture
def held():
    return []


@pytest.fixture
def path(tmp_path):
    return tmp_path / ("long" * 40) / "sock"


@pytest.fixture
def server(path, held):
    def handler(call, peer, reply):
        match call:
            case Echo():
                reply.result(Word(text=call.text))
            case Refuse():
                raise BrokerError(ResponseCode.BLOCKED, "number.blocked", retry_after_s=2, number="x")
            case Hold():
                held.append(reply)

    server = Server(path, Echo | Refuse | Hold, handler)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(path):
    client = Client(path)
    yield client
    client.close()


def test_a_call_is_answered_over_a_path_longer_than_sun_path(server, path, client):
    assert len(str(path)) > 108
    assert client.call(Echo(text="halo")) == Word(text="halo")


def test_a_refusal_arrives_as_the_same_error(server, path, client):
    with pytest.raises(BrokerError) as caught:
        client.call(Refuse())
    assert (caught.value.code, caught.value.key, caught.value.retry_after_s) == (
        ResponseCode.BLOCKED,
        "number.blocked",
        2,
    )
    assert caught.value.params == {"number": "x"}


def test_answers_may_come_out_of_order_and_from_another_thread(server, path, client, held):
    words = []
    waiting = threading.Thread(target=lambda: words.append(client.call(Hold())))
    waiting.start()
    while not held:
        assert client.call(Echo(text="between")).text == "between"
    held[0].result(Word(text="late"))
    waiting.join(5)
    assert words == [Word(text="late")]


@pytest.mark.parametrize(
    "line", [b"{}", b"nonsense", b'{"id":7,"call":{"verb":"no-such"}}', b'{"id":7,"call":{"verb":"echo","text":1}}']
)
def test_what_is_not_understood_is_refused_and_the_line_stays_usable(server, path, client, line):
    with connect(path, 5) as sock:
        sock.sendall(line + b"\n")
        answer = msgspec.json.decode(sock.recv(65536))
        assert answer["error"]["code"] == "1105"
        sock.sendall(b'{"id":8,"call":{"verb":"echo","text":"x"}}\n')
        assert msgspec.json.decode(sock.recv(65536)) == {"id": 8, "result": {"text": "x"}}


def test_a_frame_arrives_in_any_pieces(server, path, client):
    with connect(path, 5) as sock:
        for octet in b'{"id":8,"call":{"verb":"echo","text":"x"}}\n':
            sock.send(bytes([octet]))
        assert b'"x"' in sock.recv(65536)


def test_an_endless_line_is_hung_up_on_and_others_go_on(server, path, client):
    with connect(path, 5) as sock:
        sock.settimeout(5)
        assert not hung_up(sock, b"short")
        assert hung_up(sock, b"x" * MAX_FRAME_OCTETS * 3)
    assert client.call(Echo(text="still")).text == "still"


def hung_up(sock, data):
    try:
        sock.sendall(data)
        sock.settimeout(0.2)
        return sock.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_a_peer_that_never_reads_is_dropped_and_stops_nobody(server, path, client):
    with connect(path, 5) as deaf:
        deaf.setblocking(False)
        frame = b'{"id":1,"call":{"verb":"echo","text":"' + b"y" * 30000 + b'"}}\n'
        for _ in range(200):
            try:
                deaf.send(frame)
            except OSError:
                break
        assert client.call(Echo(text="others")).text == "others"


def test_nobody_there_is_said_so(tmp_path):
    with pytest.raises(PeerUnavailableError):
        Client(tmp_path / "none").call(Echo(text=""))


def test_a_kept_connection_that_died_is_replaced(path, client):
    def handler(call, peer, reply):
        reply.result(Word(text=call.text))

    for _ in range(2):
        server = Server(path, Echo, handler)
        server.start()
        assert client.call(Echo(text="again")).text == "again"
        server.stop()


def test_an_answer_that_never_comes_is_lost_not_refused(server, path, client):
    with pytest.raises(AnswerLostError):
        client.call(Hold(), timeout_s=0.05)


def test_the_socket_is_for_its_group_only(server, path):
    assert path.stat().st_mode & 0o777 == 0o660


def test_connections_that_no_call_needs_are_closed(server, path, held):
    client = Client(path, idle_s=0.05)
    before = sockets()
    callers = [threading.Thread(target=client.call, args=(Hold(),)) for _ in range(3)]
    for caller in callers:
        caller.start()
    waits_for(lambda: len(held) == 3)
    for reply in held:
        reply.result(Word(text="now"))
    for caller in callers:
        caller.join()
    assert sockets() == before + 6  # both ends are ours

    def only_one():
        client.call(Echo(text="x"))
        return sockets() == before + 2

    waits_for(only_one)
    client.close()


def sockets():
    return sum("socket:" in os.path.realpath(link) for link in Path("/proc/self/fd").iterdir())


@pytest.fixture
def rests():
    return threading.Event()


@pytest.fixture
def sleepy(path, rests):
    def answer(call, peer, reply):
        reply.result(Word(text=call.text))

    server = Server(path, Echo, answer, idle_s=0.2, idle=rests.set)
    server.start()
    yield server
    server.stop()


@pytest.mark.usefixtures("sleepy")
def test_it_rests_when_nobody_has_been_connected_for_a_while(path, rests):
    client = Client(path)
    assert client.call(Echo(text="a")).text == "a"
    assert not rests.wait(0.5)  # still connected
    client.close()
    assert rests.wait(5)
    with pytest.raises(PeerUnavailableError):
        Client(path).call(Echo(text="b"))


@pytest.mark.usefixtures("sleepy")
def test_a_client_that_keeps_nothing_is_connected_only_while_it_asks(path, rests):
    client = Client(path, idle_s=0)
    assert client.call(Echo(text="a")).text == "a"
    assert rests.wait(5)
