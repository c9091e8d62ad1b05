"""The body of a call: what happened, without any text. Pure."""

import datetime as dt

import msgspec
from msgspec import Struct

from otpbroker.errors import ResponseCode
from otpbroker.verbs.events import OutcomeEvent


class Data(Struct, frozen=True, kw_only=True):
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


class Payload(Struct, frozen=True, kw_only=True):
    """`timestamp` is when it happened, in UTC as RFC 3339 has it."""

    type: str
    timestamp: str
    data: object


def call_id(event: OutcomeEvent) -> str:
    """The same for every attempt, and for the same event told again."""
    return f"msg_{event.message_id}_{event.state}"


def body(event: OutcomeEvent) -> bytes:
    data = Data(
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
    return _encoded(f"message.{event.state}", event.time, data)


def test_body(webhook: str, at: float) -> bytes:
    """Of a call that only shows that calls arrive."""
    return _encoded("webhook.test", at, {"webhook": webhook})


def _encoded(kind: str, at: float, data: object) -> bytes:
    timestamp = dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return msgspec.json.encode(Payload(type=kind, timestamp=timestamp, data=data))
