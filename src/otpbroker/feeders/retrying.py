"""What comes of an outcome: is it the last word on a message, or is a later try worth it? Pure."""

from typing import Final

from otpbroker.errors import BrokerError, ResponseCode

NO_MODEM_AGAIN_S: Final = 5.0
MALFORMED: Final = frozenset({ResponseCode.INVALID_REQUEST, ResponseCode.UNKNOWN_COMMAND})

_RULES: Final = ("limit.", "otp.resend")


def retry_after_s(error: BrokerError) -> float | None:
    """When a refusal may have passed. What the administrator allows so often is refused, not put off: who presses the
    button thrice does not get three codes half a minute apart.
    """
    return None if error.key.startswith(_RULES) else error.retry_after_s


def pause_s(code: ResponseCode, retry_after_s: float | None, left_s: float) -> float | None:
    """Seconds until the next try of a command with `left_s` to live; None: what was answered is its outcome."""
    wait_s = NO_MODEM_AGAIN_S if code is ResponseCode.NO_MODEM and retry_after_s is None else retry_after_s
    return wait_s if wait_s is not None and wait_s < left_s else None
