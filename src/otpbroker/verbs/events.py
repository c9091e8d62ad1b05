"""What happened to messages, for webhooks, callbacks and the monitor. Never a text or a whole number."""

from typing import Final

from msgspec import Struct

from otpbroker.errors import ResponseCode
from otpbroker.ipc.wire import Verb

MOST_EVENTS: Final = 200  # in one answer
LONGEST_WAIT_S: Final = 60.0


class OutcomeEvent(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An accepted message reached `state`: submitted, failed, expired or unknown; later perhaps delivered or failed.

    `sequence` counts from 1 in one life of dispatch; `time` is Unix seconds. `id`, `reference` and `callback` are the
    sender's; where the message is of an earlier life, or long ago, they are empty. `key` is the reason.
    """

    sequence: int
    time: float
    message_id: str
    door: str
    user: str
    msisdn_masked: str
    state: str
    code: ResponseCode
    key: str = ""
    modem: str = ""
    parts: int = 0
    cost: str = ""
    resent: bool = False
    latency_ms: int | None = None
    id: str = ""
    reference: str = ""
    callback: str = ""


class Outcomes(Struct, frozen=True, kw_only=True):
    """The oldest events after what was asked, in order; ask again after `last`. `lost` were dropped before them."""

    life: str
    last: int
    lost: int = 0
    events: tuple[OutcomeEvent, ...] = ()


class AwaitOutcomes(Verb[Outcomes], frozen=True, kw_only=True, tag="await-outcomes"):
    """The events after `after` in the `life` that an earlier answer named: at once where there are any, else as soon as
    one happens, or after a minute. An empty `life` is answered at once with where things stand now; one that is over
    with the events of the present one from its beginning.
    """

    life: str = ""
    after: int = 0
