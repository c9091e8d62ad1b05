"""What happened to messages, for webhooks, callbacks and the monitor: of SMS dispatch tells it, of mails otpb-mail.
Never a text, a subject, a whole number or a whole address.
"""

from typing import Final

from msgspec import Struct

from otpbroker.errors import ResponseCode
from otpbroker.ipc.wire import Verb

MOST_EVENTS: Final = 200  # in one answer
LONGEST_WAIT_S: Final = 60.0


class OutcomeEvent(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="channel"):
    """An accepted message reached `state`.

    `sequence` counts from 1 in one life of the process that tells it; `time` is Unix seconds. `id`, `reference` and
    `callback` are the sender's. `key` is the reason.
    """

    sequence: int
    time: float
    message_id: str
    door: str
    user: str
    state: str
    code: ResponseCode
    key: str = ""
    id: str = ""
    reference: str = ""
    callback: str = ""


class SmsOutcome(OutcomeEvent, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="sms"):
    """Submitted, failed, expired or unknown; later perhaps delivered or failed. Where a delivery report comes of a
    message of an earlier life, or of long ago, what is the sender's is empty.
    """

    msisdn_masked: str
    modem: str = ""
    parts: int = 0
    cost: str = ""
    resent: bool = False
    latency_ms: int | None = None


class MailOutcome(OutcomeEvent, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="email"):
    """Submitted, failed, expired or unknown; nothing comes later."""

    recipient_masked: str
    account: str = ""


Event = SmsOutcome | MailOutcome


class Outcomes(Struct, frozen=True, kw_only=True):
    """The oldest events after what was asked, in order; ask again after `last`. `lost` were dropped before them."""

    life: str
    last: int
    lost: int = 0
    events: tuple[Event, ...] = ()


class AwaitOutcomes(Verb[Outcomes], frozen=True, kw_only=True, tag="await-outcomes"):
    """The events after `after` in the `life` that an earlier answer named: at once where there are any, else as soon as
    one happens, or after a minute. An empty `life` is answered at once with where things stand now; one that is over
    with the events of the present one from its beginning.
    """

    life: str = ""
    after: int = 0
