"""What the programs of a call say, line by line, and what that means for people. Pure.

`dial-connect`, `ppp-up` and `ppp-down` (overlay/usr/lib/otpbroker) write lines into the pipe of their call.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from otpbroker.network import chat

_RESULTS: Final[Mapping[str, str]] = {
    "BUSY": "dial.busy",
    "NO CARRIER": "dial.no_carrier",
    "NO DIALTONE": "dial.no_carrier",
    "NO DIAL TONE": "dial.no_carrier",
    "NO ANSWER": "dial.no_answer",
    "ERROR": "dial.refused",
}
_STATUSES: Final[Mapping[int, str]] = {  # pppd(8), EXIT STATUS
    2: "dial.options",
    4: "dial.no_kernel",
    6: "dial.port_locked",
    7: "dial.port_gone",
    8: "dial.no_connect",
    10: "dial.no_ppp",
    11: "dial.no_ppp",
    15: "dial.no_echo",
    16: "dial.carrier_lost",
    17: "dial.looped",
    19: "dial.credentials",
}
_CHAT_TIMEOUT: Final = 3
_CHAT_ABORTS: Final = 4  # its status for the first of the results that abort


class Connected(Struct, frozen=True):
    """The modem said CONNECT; PPP begins."""

    program: str


class Refused(Struct, frozen=True):
    """`program` did not get as far: why, as a text key."""

    program: str
    key: str


class Crashed(Struct, frozen=True):
    """`program` died before it was done; another one takes its place."""

    program: str


class Up(Struct, frozen=True):
    interface: str
    address: str
    name_servers: tuple[str, ...]


class Down(Struct, frozen=True):
    """The interface is no more."""


Word = Connected | Refused | Crashed | Up | Down


def read(line: str) -> Word | None:
    """None for what is none of these."""
    match line.split(" "):
        case ["connected", program]:
            return Connected(program)
        case ["refused", program, *why]:
            return Refused(program, _refusal(program, " ".join(why)))
        case ["crashed", program]:
            return Crashed(program)
        case ["up", interface, address, *servers]:
            return Up(interface, address, tuple(dict.fromkeys(server for server in servers if server)))
        case ["down", *_]:
            return Down()
    return None


def _refusal(program: str, why: str) -> str:
    if program == "chat":
        place = int(why) - _CHAT_ABORTS if why.isdigit() else -1
        why = chat.FAILURES[place] if 0 <= place < len(chat.FAILURES) else why
    if why.startswith("+CM"):
        return "dial.refused"
    return _RESULTS.get(why, "dial.no_connect")


def ending(status: int, *, was_up: bool) -> str:
    """Why pppd ended, by its exit status (negative: a signal)."""
    if status in (0, 5) or status < 0:
        return "dial.carrier_lost" if was_up else "dial.ended"
    return _STATUSES.get(status, "dial.ended")
