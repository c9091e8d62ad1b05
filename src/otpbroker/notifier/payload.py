"""The body of a call: what happened, without any text. Pure."""

import datetime as dt
from typing import Any

import msgspec
from msgspec import Struct

from otpbroker.errors import ResponseCode
from otpbroker.verbs.events import Event, MailOutcome, SmsOutcome


class Common(Struct, frozen=True, kw_only=True, tag_field="channel"):
    """`id` is the sender's own; `reason` is a text key, empty for plain success."""

    id: str
    reference: str
    message_id: str
    door: str
    user: str
    state: str
    response_code: ResponseCode
    reason: str


class MessageOutcome(Common, frozen=True, kw_only=True, tag="sms"):
    """`msisdn` is masked."""

    msisdn: str
    modem: str
    parts: int
    cost: str
    resent: bool


class MailMessageOutcome(Common, frozen=True, kw_only=True, tag="email"):
    """`recipient` is masked; `account` is empty where none sent it."""

    recipient: str
    account: str


class Notification(Struct, frozen=True, kw_only=True):
    """`type` is `message.` and the state; `timestamp` is when it happened, in UTC as RFC 3339 has it."""

    type: str
    timestamp: str
    data: MessageOutcome | MailMessageOutcome


class Trial(Struct, frozen=True, kw_only=True):
    """Only shows that calls arrive; `data` names the webhook."""

    type: str = "webhook.test"
    timestamp: str
    data: dict[str, str]


def call_id(event: Event) -> str:
    """The same for every attempt, and for the same event told again."""
    return f"msg_{event.message_id}_{event.state}"


def body(event: Event) -> bytes:
    data = _of_mail(event) if isinstance(event, MailOutcome) else _of_sms(event)
    return msgspec.json.encode(Notification(type=f"message.{event.state}", timestamp=_rfc3339(event.time), data=data))


def _of_sms(event: SmsOutcome) -> MessageOutcome:
    return MessageOutcome(
        **_common(event),
        msisdn=event.msisdn_masked,
        modem=event.modem,
        parts=event.parts,
        cost=event.cost,
        resent=event.resent,
    )


def _of_mail(event: MailOutcome) -> MailMessageOutcome:
    return MailMessageOutcome(**_common(event), recipient=event.recipient_masked, account=event.account)


def _common(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "reference": event.reference,
        "message_id": event.message_id,
        "door": event.door,
        "user": event.user,
        "state": event.state,
        "response_code": event.code,
        "reason": event.key,
    }


def trial_body(webhook: str, at: float) -> bytes:
    """Of a call that only shows that calls arrive."""
    return msgspec.json.encode(Trial(timestamp=_rfc3339(at), data={"webhook": webhook}))


def _rfc3339(at: float) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
