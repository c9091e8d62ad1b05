"""One link to a WSMessageBroker that behaves, in both dialects, and misbehaves."""

import contextlib
import json
import ssl
import struct
import time

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.link_ear import LinkEar
from fakes.wsframes import BINARY, CLOSE, CONTINUATION, PING, PONG, fragments, frame
from fakes.wsmessagebroker import PASSWORD, USER, WSMessageBroker
from fakes.wssender import hearing, sender
from otpbroker.config.sections.feeders import WebSocketSection
from otpbroker.feeders.websocket.link import WebSocketLink
from otpbroker.feeders.websocket.wire import MOST_OCTETS
from otpbroker.secrets import Secret
from otpbroker.verbs.feeders import Sendable

HEAR = '{"command":"receive-message","channel":"sms","data":[]}'
ENVELOPE = b'{"command":"send-message","channel":"sms","data":[{"command":"echo","data":"\xc3\xa9"}]}'
REPLY = '{"command":"send-message","channel":"answers","data":[{"n":%d}]}'
TIMEOUT_S = 0.3


@pytest.fixture
def server():
    with WSMessageBroker() as one:
        yield one


@pytest.fixture
def link():
    """Makes a running one: `link(server, **settings)`."""
    ears = []

    def make(server, *, modems=1, **settings):
        defaults = {"host": "127.0.0.1", "port": server.port, "username": USER, "password": Secret(PASSWORD)}
        made = WebSocketLink(WebSocketSection(enabled=True, **(defaults | settings)))
        made.demand(Sendable(modems=modems, general=modems))
        ears.append(LinkEar(made))
        return ears[-1]

    yield make
    for ear in ears:
        ear.end()


def test_it_asks_for_its_channel_and_nothing_else(server, link):
    ear = link(server, channel="Kode & más", path="/a/b").until_word("consuming")
    assert server.heard == [("Kode & más", HEAR.replace("sms", "Kode & más"))]
    head = server.requests[0]
    assert head.startswith("GET /a/b?channel=Kode%20%26%20m%C3%A1s&topic=Kode%20%26%20m%C3%A1s HTTP/1.1\r\n")
    assert "Origin" not in head
    server.publish(ENVELOPE, "Kode & más")
    ear.until_bodies(ENVELOPE)
    assert (ear.connections, server.heard[1:]) == (1, [])


@pytest.mark.parametrize("dialect", [{"greets": False}, {"by_url": True}])
def test_a_server_need_not_greet(link, dialect):
    with WSMessageBroker(**dialect) as server:
        ear = link(server).until_word("consuming")
        server.publish(ENVELOPE)
        ear.until_bodies(ENVELOPE)


@pytest.mark.parametrize("dialect", [{}, {"by_url": True}])
def test_a_server_need_not_answer_pings(link, dialect):
    with WSMessageBroker(pongs=False, **dialect) as server:
        ear = link(server)
        server.until_receivers()
        server.publish(ENVELOPE)
        ear.until_word("consuming")
        ear.until_bodies(ENVELOPE)


@pytest.mark.parametrize(
    ("greeting", "welcome"),
    [
        ('{"command":"connect"}', True),
        ('{"command":"connect","response_code":0,"data":7}', True),
        ('{"command":"connect","code":"0000"}', True),
        ('{"command":"connect","data":[{"response_code":"00"}]}', True),
        ('{"command":"connect","data":{"code":1}}', False),
        ('{"command":"connect","response_code":"03","data":[]}', False),
    ],
)
def test_greetings_of_other_makers(link, greeting, welcome):
    with WSMessageBroker(greets=False) as server:
        ear = link(server)
        server.until_receivers()
        server.publish(greeting)
        if welcome:
            ear.until_word("consuming")
            server.publish(ENVELOPE)
            ear.until_bodies(ENVELOPE)
        else:
            assert ear.until_ended() == "feeder.credentials"


def test_what_other_devices_ask_for_is_no_message(link):
    with WSMessageBroker(by_url=True) as server:
        first = link(server).until_word("consuming")
        link(server).until_word("consuming")
        server.publish(ENVELOPE)
        first.until_bodies(ENVELOPE)


@pytest.mark.parametrize("dialect", [{}, {"by_url": True}])
def test_wrong_credentials_are_told(link, dialect):
    with WSMessageBroker(**dialect) as server:
        ear = link(server, password=Secret("wrong"))
        assert ear.until_ended() == "feeder.credentials"
        assert ear.words == []


def test_a_late_refusal_counts(server, link):
    ear = link(server).until_word("consuming")
    server.clients[0].valid = False
    server.clients[0].greet()
    assert ear.until_ended() == "feeder.credentials"


def test_what_the_server_kept_comes_first(link):
    with WSMessageBroker(keep_data=True) as server, sender(server.port) as shop:
        for number in range(3):
            shop.say(json.dumps({"command": "send-message", "channel": "sms", "data": [{"n": number}]}))
        server.until(lambda: len(server.stored) == 3)
        ear = link(server).until_word("consuming")
        assert [json.loads(body)["data"] for body in ear.bodies] == [[{"n": 0}], [{"n": 1}], [{"n": 2}]]


def test_nobody_to_name_names_nobody(link):
    with WSMessageBroker(greets=False) as server:
        link(server, username="").until_word("consuming")
        assert "Authorization" not in server.requests[0]


@pytest.mark.parametrize(
    "octets",
    [
        frame(ENVELOPE, BINARY),
        b"".join(fragments(ENVELOPE, 7)),
        fragments(ENVELOPE, 40)[0] + frame(b"between", PING) + b"".join(fragments(ENVELOPE, 40)[1:]),
    ],
)
def test_a_message_arrives_in_any_form(server, link, octets):
    ear = link(server).until_word("consuming")
    server.send(octets)
    ear.until_bodies(ENVELOPE)


def test_a_slow_message_is_not_silence(server, link):
    ear = link(server, timeout_s=TIMEOUT_S).until_word("consuming")
    for octet in frame(b"slow"):
        time.sleep(TIMEOUT_S / 2)
        server.send(bytes([octet]))
    ear.until_bodies(b"slow")


def test_what_is_no_utf_8_is_for_the_feeder_to_judge(server, link):
    ear = link(server).until_word("consuming")
    server.send(frame(b'{"command":"\xff"}') + frame(b"") + frame(ENVELOPE))
    ear.until_bodies(b'{"command":"\xff"}', b"", ENVELOPE)


def test_the_longest_message_arrives_and_a_longer_one_ends_the_connection(server, link):
    ear = link(server).until_word("consuming")
    longest = b"[" + b" " * (MOST_OCTETS - 2) + b"]"
    server.send(frame(longest))
    ear.until_bodies(longest)
    server.send(struct.pack("!BBQ", 0x81, 127, 1 << 62))
    assert ear.until_ended() == "feeder.ws_too_long"


def test_pieces_do_not_add_up_to_more(server, link):
    ear = link(server).until_word("consuming")
    server.send(frame(b"x" * MOST_OCTETS, fin=False) + frame(b"y", CONTINUATION))
    assert ear.until_ended() == "feeder.ws_too_long"


@pytest.mark.parametrize(
    ("octets", "key"),
    [
        (frame(struct.pack("!H", 1001) + b"bye", CLOSE), "feeder.server_stops"),
        (frame(struct.pack("!H", 4001), CLOSE), "feeder.ws_closed"),
        (frame(b"", CLOSE), "feeder.ws_closed"),
        (b"\xc1\x00", "feeder.ws_protocol"),
        (frame(b"x", CONTINUATION), "feeder.ws_protocol"),
    ],
)
def test_why_a_server_ends_it(server, link, octets, key):
    ear = link(server).until_word("consuming")
    server.send(octets)
    assert ear.until_ended() == key


def test_a_server_that_dies_is_lost(server, link):
    ear = link(server).until_word("consuming")
    server.stop()
    assert ear.until_ended() == "feeder.lost"
    assert link(server).until_ended() == "feeder.nobody_listens"


def test_a_frozen_server_is_noticed(server, link):
    ear = link(server, timeout_s=TIMEOUT_S).until_word("consuming")
    server.freeze()
    began = time.monotonic()
    assert ear.until_ended() == "feeder.silent"
    assert time.monotonic() - began < 4 * TIMEOUT_S
    assert link(server, timeout_s=TIMEOUT_S).until_ended() == "feeder.timeout"


def test_an_idle_server_is_kept(server, link):
    ear = link(server, timeout_s=TIMEOUT_S).until_word("consuming")
    server.until(lambda: server.pings >= 3)
    assert (ear.error, len(server.receivers())) == (None, 1)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "feeder.ws_status"),
        (b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n", "feeder.ws_status"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "feeder.credentials"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 99999999999999\r\n\r\n", "feeder.ws_protocol"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "feeder.ws_protocol"),
        (b"\x15\x03\x01\x00\x02\x02\x46\n", "feeder.ws_protocol"),
        (b"", "feeder.lost"),
    ],
)
def test_what_is_no_websocket_server_is_named(link, answer, key):
    with WSMessageBroker(answers=[answer]) as server:
        assert link(server).until_ended() == key


def test_a_server_that_dribbles_is_given_up(link):
    def dribble():
        while True:
            time.sleep(0.01)
            yield b"x"

    with WSMessageBroker(answers=dribble()) as server:
        assert link(server, timeout_s=TIMEOUT_S).until_ended() == "feeder.timeout"


SOME = st.sampled_from(
    [
        frame(ENVELOPE),
        frame(ENVELOPE[:20], fin=False),
        frame(ENVELOPE[20:], CONTINUATION),
        frame(b"", PING),
        frame(b"x" * 200, PING),
        frame(b"p", PONG),
        b"\x81\xfe\x00\x01\0\0\0\0",
        frame(b"[" * 5000),
        frame(b'{"command":"connect","response_code":{}}'),
    ]
)
ENDS = {None, "", "feeder.lost", "feeder.ws_protocol", "feeder.ws_closed", "feeder.ws_too_long", "feeder.server_stops"}


@settings(max_examples=100)
@given(st.lists(SOME | st.binary(max_size=30), max_size=8))
def test_no_octets_of_a_server_bring_it_down(octets):
    with WSMessageBroker() as server:
        section = WebSocketSection(host="127.0.0.1", port=server.port, username=USER, password=Secret(PASSWORD))
        ear = LinkEar(WebSocketLink(section)).until_word("no_modem")
        server.send(b"".join(octets))
        assert ear.error in ENDS
        ear.end()
        assert ear.error in ENDS - {None}


def test_a_host_without_an_address_is_named(server, link):
    assert link(server, host="no..host").until_ended() == "feeder.host_unknown"


def test_it_ends_at_once_in_whatever_it_does(server, link):
    idle = link(server).until_word("consuming")
    server.freeze()
    for ear in (idle, link(server)):
        ear.link.stop_consuming()
        server.publish(ENVELOPE)
        ear.link.close()
        assert ear.until_ended(2) == ""
        assert ear.bodies == []


def test_when_it_closes_it_takes_what_was_on_its_way(server, link):
    ear = link(server).until_word("consuming")
    server.freeze()
    ear.link.close()
    server.publish(ENVELOPE)
    server.thaw()
    assert ear.until_ended() == ""
    ear.until_bodies(ENVELOPE)


def test_without_a_modem_it_goes_on(server, link):
    ear = link(server, modems=0).until_word("no_modem")
    assert ear.words == [("no_modem", "feeder.no_modem_held")]
    server.publish(ENVELOPE)
    ear.until_bodies(ENVELOPE)
    ear.link.demand(Sendable(modems=1, general=1))
    assert ear.words[-1] == ("consuming", "")


# Replies


@pytest.mark.parametrize("dialect", [{}, {"by_url": True}])
def test_replies_go_over_another_connection(link, dialect):
    with WSMessageBroker(**dialect) as server:
        ear = link(server).until_word("consuming")
        with hearing(server, "answers") as shop:
            for number in range(3):
                ear.link.answer("answers", b'{"n":%d}' % number)
            assert shop.replies(3) == [{"n": 0}, {"n": 1}, {"n": 2}]
        assert {*server.heard[-3:]} == {("answers", REPLY % number) for number in range(3)}
        ear.until(lambda: ear.replies == [True] * 3)
        server.publish(ENVELOPE)
        ear.until_bodies(ENVELOPE)
        assert len(server.requests) == 3


def test_a_reply_survives_the_death_of_a_kept_connection(server, link):
    ear = link(server).until_word("consuming")
    ear.link.answer("answers", b"{}")
    ear.until(lambda: ear.replies == [True])
    server.drop()
    with hearing(server, "answers") as shop:
        ear.link.answer("answers", b'{"again":1}')
        assert shop.replies(1) == [{"again": 1}]
        ear.until(lambda: ear.replies == [True, True])


def test_connections_for_replies_do_not_grow_in_number(server, link):
    ear = link(server).until_word("consuming")
    for number in range(12):
        ear.link.answer(f"answers{number}", b"{}")
    ear.until(lambda: len(ear.replies) == 12)
    server.until(lambda: len(server.clients) == 9)
    ear.end()
    server.until(lambda: not server.clients)
    assert all(ear.replies)


def test_replies_that_the_server_does_not_take_are_lost(server, link):
    ear = link(server, timeout_s=TIMEOUT_S).until_word("consuming")
    server.stop()
    ear.link.answer("answers", b"{}")
    ear.until(lambda: ear.replies == [False])
    server.start()
    stranger = link(server, password=Secret("wrong"))
    stranger.link.answer("answers", b"{}")
    stranger.until(lambda: stranger.replies == [False])


# TLS


@pytest.fixture
def authority(tmp_path):
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    made.path = str(tmp_path / "ca.pem")
    return made


@contextlib.contextmanager
def _over_tls(authority, name):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(tls)
    with WSMessageBroker(tls=tls) as server:
        yield server


def test_over_tls_it_does_the_same(authority, link):
    with _over_tls(authority, "localhost") as server:
        ear = link(server, tls=True, host="localhost", ca_certificate=authority.path).until_word("consuming")
        server.publish(ENVELOPE)
        ear.until_bodies(ENVELOPE)
        ear.link.answer("answers", b"{}")
        ear.until(lambda: ear.replies == [True])
        server.freeze()
        ear.end()


def test_a_wrong_certificate_is_not_believed(authority, link):
    with _over_tls(authority, "other.example") as server:
        assert link(server, tls=True, ca_certificate=authority.path).until_ended() == "feeder.tls_certificate"
        assert link(server, tls=True, host="localhost").until_ended() == "feeder.tls_certificate"
        assert server.requests == []


def test_tls_and_none_do_not_mix(server, authority, link):
    assert link(server, tls=True, timeout_s=TIMEOUT_S).until_ended() == "feeder.timeout"
    assert link(server, tls=True, ca_certificate="/nowhere.pem").until_ended() == "feeder.ca_certificate"
    with _over_tls(authority, "localhost") as secured:
        assert link(secured).until_ended() in ("feeder.ws_protocol", "feeder.lost")
