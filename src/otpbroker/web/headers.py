"""Reading a request's header lines more strictly than cheroot does (RFC 9112 §5, §6)."""

import re
from typing import Final, Protocol

_NAME: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
_VALUE: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_ONLY_ONCE: Final = frozenset({b"Content-Length", b"Host", b"Authorization", b"Transfer-Encoding", b"Idempotency-Key"})


class Lines(Protocol):
    def readline(self) -> bytes: ...


def read_headers(lines: Lines, headers: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Fill `headers`, names in title case; ValueError says what is malformed.

    What two parsers could read in two ways is refused: folded lines, blanks before the colon, a body length given twice
    or in two manners. Names with an underscore are left out, as they would pass for those with a dash.
    """
    while (line := lines.readline()) != b"\r\n":
        name, colon, value = line.partition(b":")
        if not (colon and line.endswith(b"\r\n") and _NAME.fullmatch(name)):
            raise ValueError("Malformed header line")
        value = value.strip(b" \t\r\n")
        if not _VALUE.fullmatch(value):
            raise ValueError("Malformed header value")
        name = name.title()
        if b"_" in name:
            continue
        if name in headers:
            if name in _ONLY_ONCE:
                raise ValueError("Repeated header")
            value = headers[name] + b", " + value
        headers[name] = value
    _check_body_length(headers)
    headers[b"Connection"] = _connection(headers.get(b"Connection", b""))
    return headers


def _check_body_length(headers: dict[bytes, bytes]) -> None:
    length = headers.get(b"Content-Length")
    if length is not None and not _LENGTH.fullmatch(length):
        raise ValueError("Malformed Content-Length")
    if b"Transfer-Encoding" in headers and (length is not None or headers[b"Transfer-Encoding"].lower() != b"chunked"):
        raise ValueError("Ambiguous body length")


def _connection(value: bytes) -> bytes:
    """The two options that matter, as cheroot spells them."""
    options = {option.strip().lower() for option in value.split(b",")}
    if b"close" in options:
        return b"close"
    return b"Keep-Alive" if b"keep-alive" in options else b""
