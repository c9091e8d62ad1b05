"""One accepted mail on its way."""

import time
from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct, field

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail.events import Origin
from otpbroker.mail.failure import Failure
from otpbroker.mail.letter import Letter
from otpbroker.verbs.mail import Mailed

Answer = Callable[[Mailed | BrokerError], None]


class Repeats(NamedTuple):
    """`key` is of the sender, its id and the content. `matters`: it is the mail of the same `key` of the last ten
    minutes, where there is one.
    """

    key: bytes
    matters: bool


class Job(Struct, eq=False):
    """`name`, `content` and `repeats` tell it from others (`otpbroker.mail.recall`). `end` is when there must be an
    outcome, in monotonic seconds; `answers` get it, and who follows outcomes where it has an `origin`. `redelivered`:
    an earlier life of ours may have had it. `only` names the account that must send it. `failure` is the last
    attempt's.
    """

    name: str
    content: bytes
    letter: Letter
    end: float
    answers: list[Answer]
    origin: Origin | None = None
    repeats: Repeats | None = None
    redelivered: bool = False
    only: str = ""
    failure: Failure | None = None
    began: float = field(default_factory=time.monotonic)

    def submitted(self, account: str) -> Mailed:
        return Mailed(state="submitted", code=ResponseCode.SUCCESS, account=account)

    def unknown(self, account: str) -> Mailed:
        """Its text is with a server that has not confirmed it."""
        code = ResponseCode.OUTCOME_UNKNOWN
        return Mailed(state="unknown", code=code, account=account, key="mail.no_answer")

    def in_vain(self, retry_after_s: float | None = None) -> Mailed:
        """It did not leave: failed where something went wrong, else expired."""
        if self.failure is None:
            code = ResponseCode.EXPIRED
            return Mailed(state="expired", code=code, key="mail.expired", retry_after_s=retry_after_s)
        code, failure = ResponseCode.FAILED, self.failure
        return Mailed(state="failed", code=code, key=failure.key, params=failure.params, retry_after_s=retry_after_s)
