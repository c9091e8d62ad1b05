"""What otpb-dispatch can be asked about one-time passwords, which it makes, remembers and checks for every door."""

from typing import Annotated

from msgspec import Meta, Struct

from otpbroker.ipc.wire import Verb
from otpbroker.secrets import MessageText, Secret
from otpbroker.verbs.dispatch import Done, Door, Lasting, Sent

Reference = Annotated[str, Meta(min_length=1, max_length=128)]
Receiver = Annotated[str, Meta(max_length=254)]
Params = Annotated[tuple[Annotated[str, Meta(max_length=255)], ...], Meta(max_length=4)]
Key = Annotated[str, Meta(max_length=255)]


class OtpLetter(Struct, frozen=True, kw_only=True):
    """The mail that carries the code, for the door to send within `life_s` and to tell of by `SettleOtp`."""

    token: str
    subject: str
    text: MessageText
    life_s: float


class OtpOpened(Struct, frozen=True, kw_only=True):
    """The word on the SMS that carried the code, or the letter that is to carry it. Of one that went by mail before,
    the word: its `modem` is the account.
    """

    sent: Sent | None = None
    letter: OtpLetter | None = None


class OpenOtp(Lasting[OtpOpened], frozen=True, kw_only=True, tag="open-otp"):
    """Make a code and put it where `text` has its one `%s`; to a number dispatch sends it by itself. It can be verified
    once, within `lifetime_s` (None takes the setting), with the same `reference`, `receiver` and `params`. A message
    that did not go out takes its code with it: the reference is free again.

    `transport_s` is what the sender's transport leaves the message. `wait`, keys, `broker_redelivered` and `callback`
    are as in `otpbroker.verbs.dispatch.Send`: what is asked again under its key has its first outcome, and no new code.
    """

    door: Door
    user: str = ""
    reference: Reference
    receiver: Receiver
    text: MessageText
    params: Params = ()
    lifetime_s: float | None = None
    transport_s: float | None = None
    wait: bool = True
    idempotency_key: Key = ""
    delivery_key: Key = ""
    broker_redelivered: bool = False
    callback: Annotated[str, Meta(max_length=2000)] = ""


class CheckOtp(Verb[Done], frozen=True, kw_only=True, tag="check-otp"):
    """Verify a code: answered once with `Done`, else refused with 1202 or 1203. Asked again under its `key`, the user's
    own name for this question, the right code is right again.
    """

    door: Door
    user: str = ""
    reference: Reference
    receiver: Receiver
    otp: Secret
    params: Params = ()
    key: Key


class OtpSettled(Struct, frozen=True, kw_only=True):
    """`known` is False where the code is no more: dispatch began a new life, or made another one since."""

    known: bool


class SettleOtp(Verb[OtpSettled], frozen=True, kw_only=True, tag="settle-otp"):
    """What became of a letter; `sent.message_id` is its token."""

    reference: Reference
    sent: Sent


OtpVerb = OpenOtp | CheckOtp | SettleOtp
