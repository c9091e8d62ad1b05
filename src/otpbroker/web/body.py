"""A request's body (RFC 9112 §6, §7.1), whole and in memory, never more than the limit."""

import re
from typing import Final

from otpbroker.web.http import BodyError
from otpbroker.web.stream import Stream

MAX_BODY_OCTETS: Final = 16 * 1024
_CHUNK_HEAD: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_MAX_LINE: Final = 256
_MAX_TRAILERS: Final = 16


def read_known(stream: Stream, length: int) -> bytes:
    """A body of `length` octets. Raises `BodyError`."""
    try:
        body = stream.read(length)
    except TimeoutError:
        raise BodyError(408) from None
    if len(body) < length:
        raise BodyError(400)
    return body


def read_chunked(stream: Stream, most_octets: int) -> bytes:
    """A body in chunks, its trailers dropped. Raises `BodyError`."""
    pieces, total = [], 0
    while size := _chunk_size(stream):
        total += size
        if total > most_octets:
            raise BodyError(413)
        pieces.append(read_known(stream, size))
        if read_known(stream, 2) != b"\r\n":
            raise BodyError(400)
    for _ in range(_MAX_TRAILERS):
        if _line(stream) == b"\r\n":
            return b"".join(pieces)
    raise BodyError(400)


def _chunk_size(stream: Stream) -> int:
    head = _CHUNK_HEAD.fullmatch(_line(stream))
    if head is None:
        raise BodyError(400)
    return int(head[1], 16)


def _line(stream: Stream) -> bytes:
    try:
        line = stream.readline(_MAX_LINE)
    except TimeoutError:
        raise BodyError(408) from None
    if not line.endswith(b"\r\n"):
        raise BodyError(400)
    return line
