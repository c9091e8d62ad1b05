"""What servers say to a socket itself, and what others said that want to hear: no commands for us. Pure."""

from typing import Any, Final

import msgspec
from msgspec import Raw, Struct


class _Notice(Struct):
    command: object = None
    response_code: object = None
    code: object = None
    data: Raw = Raw(b"null")


_NOTICES: Final = msgspec.json.Decoder(_Notice)
GREETING: Final = "connect"


def accepts(message: bytes) -> bool | None:
    """Whether it is a greeting that lets us in, or refuses us; None where it is no greeting."""
    notice = _notice(message)
    if notice is None or notice.command != GREETING:
        return None
    return not str(_code(notice)).strip("0")


def is_question(message: bytes) -> bool:
    """Another socket's wish to hear, which a server passes on as everything else."""
    notice = _notice(message)
    return notice is not None and notice.command == "receive-message"


def _notice(message: bytes) -> _Notice | None:
    if GREETING.encode() not in message and b"receive-message" not in message:
        return None
    try:
        return _NOTICES.decode(message)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # for others to judge
        return None


def _code(notice: _Notice) -> object:
    """The PHP server has it beside the command; empty where a server tells none."""
    data: Any = msgspec.json.decode(notice.data)
    first = data[0] if isinstance(data, list) and data else data
    inner = first if isinstance(first, dict) else {}
    places = (notice.response_code, notice.code, inner.get("response_code"), inner.get("code"))
    return next((code for code in places if isinstance(code, str | int)), "")
