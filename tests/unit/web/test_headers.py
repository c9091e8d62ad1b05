import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.web.headers import read_headers


def read(text):
    return read_headers(io.BytesIO(text), {})


def test_names_are_in_title_case_and_lists_are_joined():
    headers = read(b"host: x\r\nACCEPT: a\r\naccept: b\r\nContent-length:  12 \r\n\r\n")
    assert headers[b"Host"] == b"x"
    assert headers[b"Accept"] == b"a, b"
    assert headers[b"Content-Length"] == b"12"


@pytest.mark.parametrize(
    ("sent", "understood"),
    [(b"Close", b"close"), (b"keep-alive", b"Keep-Alive"), (b"Keep-Alive, close", b"close"), (b"Upgrade", b"")],
)
def test_connection_options_are_understood_in_any_case(sent, understood):
    assert read(b"Connection: " + sent + b"\r\n\r\n")[b"Connection"] == understood


@pytest.mark.parametrize(
    "text",
    [
        b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Content-Length: +1\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 1_0\r\n\r\n",
        b"Content-Length: 0x10\r\n\r\n",
        b"Content-Length: 1, 1\r\n\r\n",
        b"Authorization: a\r\nAuthorization: b\r\n\r\n",
        b"Host : x\r\n\r\n",
        b"Host: a\r\n folded\r\n\r\n",
        b"Host: a\nX: b\r\n\r\n",
        b"no colon\r\n\r\n",
        b": empty\r\n\r\n",
        b"A: \x00\r\n\r\n",
        b"A: b\rc\r\n\r\n",
        b"A: b\r\n",
        b"",
    ],
)
def test_what_two_servers_could_read_in_two_ways_is_refused(text):
    with pytest.raises(ValueError, match=r"^(Malformed|Repeated|Ambiguous)"):
        read(text)


def test_an_underscore_does_not_pass_for_a_dash():
    assert b"Content-Length" not in read(b"Content_Length: 5\r\n\r\n")


@given(st.binary(max_size=80))
def test_any_octets_are_headers_or_a_value_error(octets):
    try:
        headers = read(octets + b"\r\n\r\n")
    except ValueError:
        return
    assert all(b"\n" not in name + value for name, value in headers.items())
