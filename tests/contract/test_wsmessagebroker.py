"""That our WSMessageBroker sends what the PHP server sends, octet by octet.

Against the real one too where OTPB_WSMESSAGEBROKER says `PORT USER PASSWORD` of one that runs on this machine with
`number_of_receiver=2`, `keep_data=0` and no secret section, and OTPB_WSMESSAGEBROKER_KEEPING the same of one with
`keep_data=1`, `limit=1` and an empty table. (Under PHP 8 its Guzzle wants a query in each URL.)
"""

import base64
import contextlib
import os
import re
import socket
import struct

import pytest

from fakes import wsmessagebroker
from fakes.wsframes import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame

REAL, REAL_KEEPING = (os.environ.get("OTPB_WSMESSAGEBROKER" + more) for more in ("", "_KEEPING"))
MASK = b"\1\2\3\4"
UPGRADED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nX-Powered-By: Ratchet/0.2.7\r\n\r\n"
)
HEAR = b'{"command":"receive-message","channel":"sms","data":[]}'
SEND = b'{\n"command":"send-message",\n"channel":"sms",\n"data":[{"command":"echo","data":"\xc3\xa9 / <b>"}]}\n'
STAMP = b'{"time_stamp":"2026-01-02T03:04:05.000Z"}'
GREETED = b'{"command":"connect","response_code":"%s","response_text":"%s","data":[' + STAMP + b"]}"
ACCEPTED, REJECTED = frame(GREETED % (b"00", b"Accepted")), frame(GREETED % (b"01", b"Rejected"))


def either(real):
    """A real server, where there is one, and ours."""
    return ["", real] if real else [""]


@pytest.fixture(params=either(REAL))
def place(request):
    """Port, user and password of a server."""
    with _place(request.param) as place:
        yield place


@contextlib.contextmanager
def _place(real, **options):
    if real:
        port, user, password = real.split(" ", 2)
        yield int(port), user, password
        return
    with wsmessagebroker.WSMessageBroker(**options) as server:
        yield server.port, wsmessagebroker.USER, wsmessagebroker.PASSWORD


@pytest.fixture
def client(place):
    """Makes one, greeted: `client(password=…)`."""
    clients = []

    def make(password=None):
        clients.append(_Raw(place[0], place[1], place[2] if password is None else password))
        clients[-1].greeting = clients[-1].head + clients[-1].heard()
        return clients[-1]

    yield make
    for each in clients:
        each.socket.close()


class _Raw:
    """A socket that says what it likes."""

    def __init__(self, port, user, password):
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.socket.sendall(
            f"GET /ws?channel=sms&topic=sms HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Basic {pair}\r\n\r\n".encode()
        )
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            self.head += self.socket.recv(1)

    def say(self, payload, opcode=TEXT, *, fin=True):
        plain = frame(payload, opcode, fin=fin)
        at = len(plain) - len(payload)
        masked = bytes(octet ^ MASK[index % 4] for index, octet in enumerate(payload))
        self.socket.sendall(bytes([plain[0], plain[1] | 0x80]) + plain[2:at] + MASK + masked)

    def heard(self):
        """What came until the server had read all that we said; times are made one."""
        self.say(b"seen?", PING)
        octets, end = b"", frame(b"seen?", PONG)
        while not octets.endswith(end):
            octets += self._more()
        return re.sub(rb'(?<="time_stamp":")[0-9-]{10}T[0-9:]{8}', b"2026-01-02T03:04:05", octets.removesuffix(end))

    def rest(self):
        """What comes until the server ends the connection."""
        octets = b""
        while more := self.socket.recv(65536):
            octets += more
        return octets

    def _more(self):
        more = self.socket.recv(65536)
        assert more, "the server ended the connection"
        return more


def test_it_greets_before_it_answers_anything(client):
    assert client().greeting == UPGRADED + ACCEPTED


def test_wrong_credentials_leave_the_socket_open_and_deaf(client):
    stranger, sender, other = client("wrong"), client(), client()
    assert stranger.greeting == UPGRADED + REJECTED
    stranger.say(HEAR)
    other.say(HEAR)
    assert (stranger.heard(), other.heard()) == (b"", b"")
    sender.say(SEND)
    assert (sender.heard(), stranger.heard(), other.heard()) == (b"", b"", frame(SEND))
    stranger.say(SEND)
    assert (stranger.heard(), other.heard()) == (b"", b"")


def test_a_frame_is_passed_on_verbatim_to_those_that_asked(client):
    receiver, silent, sender = client(), client(), client()
    receiver.say(HEAR)
    assert receiver.heard() == b""
    sender.say(SEND)
    sender.say(SEND.replace(b'"sms"', b'"other"'))
    assert (sender.heard(), receiver.heard(), silent.heard()) == (b"", frame(SEND), b"")


def test_in_pieces_or_as_binary_it_arrives_as_one_text(client):
    receiver, sender = client(), client()
    receiver.say(HEAR)
    receiver.heard()
    sender.say(SEND, BINARY)
    sender.say(SEND[:10], fin=False)
    sender.say(SEND[10:], CONTINUATION)
    sender.heard()
    assert receiver.heard() == frame(SEND) * 2


def test_a_long_one_too(client):
    receiver, sender = client(), client()
    receiver.say(HEAR)
    receiver.heard()
    for length in (200, 70_000):
        sender.say(SEND.replace(b"<b>", b"b" * length))
        sender.heard()
        assert receiver.heard() == frame(SEND.replace(b"<b>", b"b" * length))


def test_not_more_receivers_than_allowed(client):
    receivers, sender = [client() for _ in range(3)], client()
    for receiver in receivers:
        receiver.say(HEAR)
        receiver.heard()
    for field, count in ((b"", 2), (b'"number_of_receiver":1,', 1), (b'"number_of_receiver":0,', 3)):
        sender.say(SEND.replace(b'"channel"', field + b'"channel"'))
        sender.heard()
        assert sum(bool(receiver.heard()) for receiver in receivers) == count


@pytest.mark.parametrize(
    "word", [b'{"command":"ping","channel":"sms"}', b'{"command":"x","channel":"sms"}', b"no json"]
)
def test_any_other_word_unsubscribes(client, word):
    receiver, sender = client(), client()
    receiver.say(HEAR)
    receiver.heard()
    receiver.say(word)
    assert receiver.heard() == (ACCEPTED if b"ping" in word else b"")
    sender.say(SEND)
    sender.heard()
    assert receiver.heard() == b""
    receiver.say(HEAR)
    receiver.heard()
    sender.say(SEND)
    sender.heard()
    assert receiver.heard() == frame(SEND)


def test_a_trailing_comma_is_no_json(client):
    receiver, sender = client(), client()
    receiver.say(HEAR)
    receiver.heard()
    sender.say(SEND.replace(b"}]", b",}]"))
    assert (sender.heard(), receiver.heard()) == (b"", b"")


def test_it_gives_a_close_frame_back_as_it_came(client):
    one, empty = client(), client()
    one.say(struct.pack("!H", 1000), CLOSE)
    assert one.rest() == b"\x88\x82" + MASK + b"\x02\xea"
    empty.say(b"", CLOSE)
    assert empty.rest() == frame(struct.pack("!H", 1000), CLOSE)


def test_it_closes_on_what_is_no_text_or_no_frame(client):
    one, other = client(), client()
    one.say(b"\xff\xfe")
    assert one.rest() == frame(struct.pack("!H", 1007), CLOSE)
    other.socket.sendall(b"\xc1\x80" + MASK)
    assert other.rest() == frame(struct.pack("!H", 1002), CLOSE)


@pytest.mark.parametrize("real", either(REAL_KEEPING))
def test_it_keeps_what_nobody_hears_for_the_first_that_asks(real):
    with _place(real, keep_data=True) as place:
        sender, receiver, late = (_Raw(*place) for _ in range(3))
        sender.heard()
        sender.say(b'{"command":"send-message","channel":"sms","data":[{"x":"\xc3\xa9 / <b>","e":{}},{"n":2}]}')
        assert sender.heard() == b""
        receiver.heard()
        receiver.say(HEAR)
        records = [b'{"x":"\\u00e9 \\/ \\u003Cb\\u003E","e":[]}', b'{"n":2}']
        kept = [frame(b'{"command":"send-message","channel":"sms","data":[%s]}' % record) for record in records]
        assert receiver.heard() == b"".join(kept)
        late.heard()
        late.say(HEAR)
        assert late.heard() == b""
        sender.say(SEND)
        sender.heard()
        assert (receiver.heard(), late.heard()) == (frame(SEND), frame(SEND))
        for each in (sender, receiver, late):
            each.socket.close()
