"""The answer of every door (SPEC §5.1)."""

from typing import Any

from msgspec import Struct

from otpbroker.errors import ResponseCode


class Reply(Struct, frozen=True):
    """`data` depends on the command; a failure names its state and reason there."""

    command: str
    response_code: ResponseCode
    response_text: str
    data: Any = {}
