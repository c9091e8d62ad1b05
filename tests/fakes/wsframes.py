"""WebSocket frames as a server reads and writes them (RFC 6455 §5), so that tests can also break them."""

import base64
import hashlib
import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class ProtocolError(Exception):
    """What a client must not send."""


def accept_key(key):
    return base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest()).decode()  # noqa: S324 - the protocol's own


def frame(payload, opcode=TEXT, *, fin=True):
    """As a server sends it: not masked."""
    head = bytes([fin << 7 | opcode])
    if len(payload) < 126:
        return head + bytes([len(payload)]) + payload
    if len(payload) < 1 << 16:
        return head + b"\x7e" + struct.pack("!H", len(payload)) + payload
    return head + b"\x7f" + struct.pack("!Q", len(payload)) + payload


def fragments(payload, size, opcode=TEXT):
    """One message in frames of `size` octets."""
    parts = [payload[at : at + size] for at in range(0, len(payload), size)] or [b""]
    last = len(parts) - 1
    return [frame(part, CONTINUATION if at else opcode, fin=at == last) for at, part in enumerate(parts)]


def read_frame(read):
    """(fin, opcode, payload, its octets as they came); `read(n)` gives exactly so many octets."""
    head = read(2)
    mark, length = head[0], head[1] & 0x7F
    if mark & 0x70 or mark & 0x0F not in (0, 1, 2, 8, 9, 10) or not head[1] & 0x80:
        raise ProtocolError
    longer = read({126: 2, 127: 8}.get(length, 0))
    mask = read(4)
    raw = read(int.from_bytes(longer, "big") if longer else length)
    payload = bytes(octet ^ mask[at % 4] for at, octet in enumerate(raw))
    return bool(mark & 0x80), mark & 0x0F, payload, head + longer + mask + raw
