"""Messages as other libraries make them."""

import datetime as dt
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pika import data

from otpbroker.feeders.amqp.octets import raw, read_any_time, text


@pytest.fixture(autouse=True)
def _any_time():
    read_any_time()


def header(kind, octets):
    """A table with the value under the name `a`, and one more behind it."""
    table = b"\x01a" + kind + octets + b"\x01b" + b"I" + struct.pack(">i", 7)
    return struct.pack(">I", len(table)) + table


def test_a_time_that_python_cannot_tell_is_a_number():
    milliseconds = 1_795_747_082_000
    found, end = data.decode_table(header(b"T", struct.pack(">Q", milliseconds)), 0)
    assert (found, end) == ({"a": milliseconds, "b": 7}, len(header(b"T", bytes(8))))
    pieces = []
    data.encode_table(pieces, found)  # as it is when it is put aside
    assert data.decode_table(b"".join(pieces), 0)[0] == found


def test_any_other_time_is_pikas():
    found, _ = data.decode_table(header(b"T", struct.pack(">Q", 1)), 0)
    assert found == {"a": dt.datetime(1970, 1, 1, 0, 0, 1), "b": 7}  # noqa: DTZ001 - as pika has it


@given(st.binary(max_size=255))
def test_a_name_comes_back_as_it_was(octets):
    pieces = []
    data.encode_short_string(pieces, octets)
    found, _ = data.decode_short_string(b"".join(pieces), 0)
    assert raw(text(found)) == octets
    text(found).encode("utf-8", "backslashreplace")


def test_no_name_is_empty():
    assert text(None) == ""
