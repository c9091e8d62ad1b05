"""What comes of an outcome: is it the last word on a message, or is a later try worth it? Pure."""

from typing import Final

from otpbroker.errors import ResponseCode

NO_MODEM_AGAIN_S: Final = 5.0
MALFORMED: Final = frozenset({ResponseCode.INVALID_REQUEST, ResponseCode.UNKNOWN_COMMAND})


def pause_s(code: ResponseCode, retry_after_s: float | None, left_s: float) -> float | None:
    """Seconds until the next try of a command with `left_s` to live; None: what was answered is its outcome."""
    wait_s = NO_MODEM_AGAIN_S if code is ResponseCode.NO_MODEM and retry_after_s is None else retry_after_s
    return wait_s if wait_s is not None and wait_s < left_s else None
