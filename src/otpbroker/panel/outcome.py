"""How sending ended, in the words of a page: from dispatch's or mail's word, or from a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.dispatch import Sent
from otpbroker.verbs.mail import Mailed

Kind = Literal["good", "warn", "bad"]
GOOD: Final = frozenset({"queued", "sending", "submitted", "delivered"})
_HERE: Final = {"idempotency.other_content": "outcome.form_used"}  # what means something else in a form
_TITLES: Final = {ResponseCode.OUTCOME_UNKNOWN: "outcome.in_doubt"}  # the code's own words are about modems alone
_DOUBT: Final = frozenset({ResponseCode.OUTCOME_UNKNOWN, ResponseCode.LIMIT})


@dataclass(frozen=True, slots=True)
class Outcome:
    """`title` and `help` are text keys; so is `reason`, empty where the title says it all. `took_s` is how long it
    was waited for.
    """

    kind: Kind
    code: str
    title: str
    help: str
    reason: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)
    took_s: float | None = None
    sent: Sent | None = None
    mailed: Mailed | None = None

    @property
    def is_good(self) -> bool:
        return self.kind == "good"


def of_sent(sent: Sent, took_s: float | None = None) -> Outcome:
    title = f"outcome.{sent.state}" if sent.state in GOOD else ""
    return replace(_of(sent.code, sent.key, sent.params, title), took_s=took_s, sent=sent)


def of_mailed(mailed: Mailed, took_s: float) -> Outcome:
    title = "outcome.mailed" if mailed.state in GOOD else ""
    return replace(_of(mailed.code, mailed.key, mailed.params, title), took_s=took_s, mailed=mailed)


def of_error(error: BrokerError) -> Outcome:
    return _of(error.code, _HERE.get(error.key, error.key), error.params)


def _of(code: ResponseCode, key: str, params: Mapping[str, str | int], good: str = "") -> Outcome:
    """`good` is the title of what went well."""
    if good:
        return Outcome("good", code.value, good, "")
    title = _TITLES.get(code, f"code.{code.value}")
    kind: Kind = "warn" if code in _DOUBT else "bad"
    return Outcome(kind, code.value, title, f"code_help.{code.value}", "" if key == title else key, dict(params))


def status_of(error: BrokerError) -> int:
    """The HTTP status of a form that comes back with this refusal."""
    if error.code == ResponseCode.LIMIT:
        return 429
    return 503 if error.retry_after_s is not None else 422
