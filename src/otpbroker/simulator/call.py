"""A data call as the modem in the middle sees it: octets pass between client and network until somebody hangs up."""

import re
import time
from collections.abc import Callable
from typing import Final

GUARD_S: Final = 0.5  # silence before and after +++, so that three pluses in the data are none
_FLAG: Final = b"\x7e"
_ESCAPE: Final = 0x7D
_LCP, _TERMINATE_ACK = b"\xc0\x21", 6
_HEAD: Final = 16  # octets of a frame that tell what it is, escaped
_COMMAND: Final = re.compile(rb"AT[\x20-\x7d]*\r", re.IGNORECASE)
_LONGEST_COMMAND: Final = 256


class Frames:
    """Follows PPP in HDLC-like framing (RFC 1662 §4) as far as to hear that the link is closed (RFC 1661 §5.4)."""

    def __init__(self) -> None:
        self._head = b""

    def closes(self, octets: bytes) -> bool:
        """Whether a Terminate-Ack ends within `octets`."""
        closed = False
        *ended, begun = octets.split(_FLAG)
        for part in ended:
            closed = _is_terminate_ack(self._head + part) or closed
            self._head = b""
        self._head = (self._head + begun)[:_HEAD]
        return closed


def _is_terminate_ack(frame: bytes) -> bool:
    plain, escaped = bytearray(), False
    for octet in frame[:_HEAD]:
        if escaped or octet != _ESCAPE:
            plain.append(octet ^ 0x20 if escaped else octet)
        escaped = not escaped and octet == _ESCAPE
    return bytes(plain).removeprefix(b"\xff\x03").startswith(_LCP + bytes((_TERMINATE_ACK,)))


class Call:
    """`online` is False while the client gives commands beside the call, from `+++` to `ATO`.

    A real modem also hears DTR fall. Neither a pty nor a socket has that line: whoever sends a bare command line where
    a frame should begin has hung up.
    """

    def __init__(self, to_network: Callable[[bytes], None]) -> None:
        self.online = True
        self._to_network = to_network
        self._from_client, self._from_network = Frames(), Frames()
        self._heard_at = 0.0
        self._pluses_at = 0.0
        self._tail = b""

    def from_client(self, octets: bytes) -> str:
        """Passes them on. `escape?` where three pluses need the silence after them, `closed` where PPP said goodbye,
        `command` where the client had hung up: `command_line` is what it said then. Else empty.
        """
        now, before = time.monotonic(), self._heard_at
        self._heard_at = now
        if octets == b"+++" and now - before >= GUARD_S:
            self._pluses_at = now
            return "escape?"
        _, flag, after = octets.rpartition(_FLAG)
        self._tail = (after if flag else self._tail + octets)[:_LONGEST_COMMAND]
        if _COMMAND.fullmatch(self._tail):
            return "command"
        self._to_network(octets)
        return "closed" if self._from_client.closes(octets) else ""

    @property
    def command_line(self) -> bytes:
        return self._tail

    @property
    def escaped(self) -> bool:
        """Nothing came after the pluses."""
        return self._heard_at == self._pluses_at

    def closed_by_network(self, octets: bytes) -> bool:
        return self._from_network.closes(octets)
