"""The body of a call: what happened, without any text. Pure."""

import datetime as dt

import msgspec
from msgspec import Struct

from otpbroker.errors import ResponseCode
from otpbroker.verbs.events import OutcomeEvent


class MessageOutcome(Struct, frozen=True, kw_only=True):
    """`id` is the sender's own; `msisdn` is masked; `reason` is a text key, empty for plain success."""

    id: str
    reference: str
    message_id: str
    door: str
    user: str
    state: str
    response_code: ResponseCode
    reason: str
    msisdn: str
    modem: str
    parts: int
    cost: str
    resent: bool


class Notification(Struct, frozen=True, kw_only=True):
    """`type` is `message.` and the state; `timestamp` is when it happened, in UTC as RFC 3339 has it."""

    type: str
    timestamp: str
    data: MessageOutcome


class Trial(Struct, frozen=True, kw_only=True):
    """Only shows that calls arrive; `data` names the webhook."""

    type: str = "webhook.test"
    timestamp: str
    data: dict[str, str]


def call_id(event: OutcomeEvent) -> str:
    """The same for every attempt, and for the same event told again."""
    return f"msg_{event.message_id}_{event.state}"


def body(event: OutcomeEvent) -> bytes:
    data = MessageOutcome(
        id=event.id,
        reference=event.reference,
        message_id=event.message_id,
        door=event.door,
        user=event.user,
        state=event.state,
        response_code=event.code,
        reason=event.key,
        msisdn=event.msisdn_masked,
        modem=event.modem,
        parts=event.parts,
        cost=event.cost,
        resent=event.resent,
    )
    return msgspec.json.encode(Notification(type=f"message.{event.state}", timestamp=_rfc3339(event.time), data=data))


def trial_body(webhook: str, at: float) -> bytes:
    """Of a call that only shows that calls arrive."""
    return msgspec.json.encode(Trial(timestamp=_rfc3339(at), data={"webhook": webhook}))


def _rfc3339(at: float) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
