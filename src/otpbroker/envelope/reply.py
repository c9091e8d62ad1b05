"""The answer of every door (SPEC §5.1)."""

from typing import Any

from msgspec import Struct

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.texts import Language, translate


class Reply(Struct, frozen=True):
    """`data` depends on the command; a failure names its state and reason there."""

    command: str
    response_code: ResponseCode
    response_text: str
    data: Any = {}


def refusal(command: str, error: BrokerError, language: Language, data: dict[str, object] | None = None) -> Reply:
    """The reply that says `error` in the asker's language."""
    return Reply(command, error.code, translate(error.key, error.params, language), data or {})
