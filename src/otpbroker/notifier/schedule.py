"""When a call is tried again. Pure.

What an answer says of the message alone (404, 500, …) lets the others of its endpoint go on. What it says of the
endpoint (no answer at all, 429, 502, 503, 504) makes all of them pause together.
"""

import random
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

MESSAGE_PAUSES_S: Final = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0)
ENDPOINT_PAUSES_S: Final = (5.0, 30.0, 120.0, 600.0)
GIVE_UP_S: Final = 86400.0
_JITTER: Final = 0.2
_RANDOM: Final = random.SystemRandom()
_BUSY: Final = frozenset({429, 502, 503, 504})


class Verdict(Enum):
    DELIVERED = auto()
    MESSAGE_FAILED = auto()
    ENDPOINT_FAILED = auto()
    GONE = auto()


def verdict(status: int) -> Verdict:
    """What an HTTP status means for the call that it answers; a redirect is a failure, never followed."""
    if 200 <= status < 300:
        return Verdict.DELIVERED
    if status == 410:
        return Verdict.GONE
    return Verdict.ENDPOINT_FAILED if status in _BUSY else Verdict.MESSAGE_FAILED


class Pauses(NamedTuple):
    """How long after the n-th failure in a row; the last one holds for all further ones."""

    message_s: Sequence[float] = MESSAGE_PAUSES_S
    endpoint_s: Sequence[float] = ENDPOINT_PAUSES_S


def pause_s(pauses_s: Sequence[float], failures: int, retry_after_s: float | None = None) -> float:
    """After `failures` ≥ 1: as long as the server asked for, else a jittered step of `pauses_s`."""
    if retry_after_s is not None:
        return retry_after_s
    step = pauses_s[min(failures, len(pauses_s)) - 1]
    return step * _RANDOM.uniform(1 - _JITTER, 1 + _JITTER)
