import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.system.workers import Places
from otpbroker.web.body import MAX_BODY_OCTETS, read_chunked, read_known
from otpbroker.web.http import BodyError
from otpbroker.web.stream import Stream


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    stream = Stream(ours)
    stream.set_deadline(1)
    with ours, theirs:
        yield stream, theirs


def chunked(octets):
    """The stream of a client that sends `octets` and hangs up."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        theirs.sendall(octets)
        theirs.shutdown(socket.SHUT_WR)
        stream = Stream(ours)
        stream.set_deadline(1)
        return read_chunked(stream, MAX_BODY_OCTETS), stream.read(100)


def test_a_head_is_complete_at_its_empty_line_in_any_chunking(pair):
    stream, theirs = pair
    for octet in b"GET / HTTP/1.1\r\nHost: x\r\n\r":
        theirs.send(bytes([octet]))
        assert stream.fill()
        assert not stream.head_complete(8192)
    theirs.send(b"\nrest")
    assert stream.fill()
    assert stream.head_complete(8192)
    assert stream.readline() == b"GET / HTTP/1.1\r\n"
    assert stream.readline(4) == b"Host"
    assert stream.readline() == b": x\r\n"
    assert stream.readline() == b"\r\n"
    assert stream.buffered == 4


def test_a_head_that_is_too_long_or_can_never_be_one_is_not_waited_for(pair):
    stream, theirs = pair
    theirs.send(b"GET / HTTP/1.1\n\n")
    assert stream.fill()
    assert stream.head_complete(8192)
    stream.discard()
    theirs.send(b"x" * 100)
    assert stream.fill()
    assert stream.head_complete(99)
    assert not stream.head_complete(100)


def test_reading_shares_one_deadline(pair):
    stream, theirs = pair
    stream.set_deadline(0.05)
    theirs.send(b"abc")
    with pytest.raises(TimeoutError):
        stream.read(4)
    with pytest.raises(BodyError) as caught:
        read_known(stream, 4)
    assert caught.value.status == 408


def test_a_body_cut_short_is_malformed(pair):
    stream, theirs = pair
    theirs.send(b"abc")
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(BodyError) as caught:
        read_known(stream, 4)
    assert caught.value.status == 400


def test_writing_goes_on_where_the_socket_was_full(pair):
    stream, theirs = pair
    data = bytes(4 * 1024 * 1024)
    received = []

    def drain():
        while chunk := theirs.recv(65536):
            received.append(len(chunk))

    reader = threading.Thread(target=drain)
    reader.start()
    stream.write(data, Places(1))
    stream.close()
    reader.join(5)
    assert sum(received) == len(data)


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=5))
def test_chunks_join(chunks):
    wire = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    assert chunked(wire + b"0\r\nTrailer: x\r\n\r\nGET") == (b"".join(chunks), b"GET")


@pytest.mark.parametrize(
    "wire",
    [
        b"5\r\nabcdeX\r\n0\r\n\r\n",
        b"-5\r\nabcde\r\n0\r\n\r\n",
        b"0x5\r\nabcde\r\n0\r\n\r\n",
        b"5\nabcde\r\n0\r\n\r\n",
        b"5\r\nabc",
        b"\r\n",
        b"",
        b"0\r\n" + b"T: x\r\n" * 20 + b"\r\n",
        b"5" * 300,
    ],
)
def test_malformed_chunks_are_refused(wire):
    with pytest.raises(BodyError) as caught:
        chunked(wire)
    assert caught.value.status == 400


def test_chunks_together_obey_the_limit():
    wire = b"1000\r\n" + bytes(4096) + b"\r\n"
    assert len(chunked(wire * (MAX_BODY_OCTETS // 4096) + b"0\r\n\r\n")[0]) == MAX_BODY_OCTETS
    with pytest.raises(BodyError) as caught:
        chunked(wire * (MAX_BODY_OCTETS // 4096) + b"1\r\nx\r\n0\r\n\r\n")
    assert caught.value.status == 413


def test_who_reads_slowly_holds_a_place_and_without_one_is_hung_up_on(pair):
    stream, theirs = pair
    slow = Places(1)
    large = bytes(4 * 1024 * 1024)
    stream.write(b"small", slow)
    writing = threading.Thread(target=stream.write, args=(large, slow))
    writing.start()
    while not slow.taken:
        writing.join(0.001)
    ours, others = socket.socketpair()
    ours.setblocking(False)
    with ours, others, pytest.raises(OSError):
        Stream(ours).write(large, slow)
    got = theirs.recv(5)
    while len(got) < 5 + len(large):
        got += theirs.recv(65536)
    writing.join()
    assert got == b"small" + large
    assert slow.taken == 0
