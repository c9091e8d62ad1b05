"""The `data` of replies (SPEC §5.1). The OpenAPI document is made from these structs."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from otpbroker.verbs.dispatch import ModemFacts, State
from otpbroker.verbs.mail import MailState


class SmsResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The word on a message."""

    id: Annotated[int | str | None, Meta(description="the sender's id, in the form it was sent")] = None
    message_id: Annotated[str, Meta(description="the name of this message in /api/messages/{id}")] = ""
    modem: Annotated[str, Meta(description="which modem sent it")] = ""
    parts: Annotated[int, Meta(description="number of SMS that the text took")] = 0
    state: Annotated[State, Meta(description="submitted: the network took it; never called delivered before it is")]
    reason: Annotated[str, Meta(description="key of the reason where the state is not plain success")] = ""
    cost: Annotated[str, Meta(description="price by the modem's tariffs")] = ""
    replayed: Annotated[bool, Meta(description="an earlier outcome; nothing was sent again")] = False
    resent: Annotated[bool, Meta(description="sent once more after an unknown outcome")] = False
    replaced: Annotated[dict[str, str], Meta(description="characters that transliteration changed")] = {}


class MailResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The word on a mail."""

    id: Annotated[int | str | None, Meta(description="the sender's id, in the form it was sent")] = None
    account: Annotated[str, Meta(description="which e-mail account sent it")] = ""
    state: Annotated[MailState, Meta(description="submitted: a mail server took it")]
    reason: Annotated[str, Meta(description="key of the reason where the state is not plain success")] = ""
    replayed: Annotated[bool, Meta(description="an earlier outcome; nothing was sent again")] = False


class Msisdn(Struct, frozen=True):
    msisdn: Annotated[str, Meta(description="the number in its canonical form")]


class ModemListing(Struct, frozen=True):
    modem_list: dict[str, ModemFacts]


class UssdResult(Struct, frozen=True):
    modem_id: str
    ussd_code: str
    ussd_response: str
    ussd_status: Annotated[int, Meta(description="3GPP TS 27.007 §7.15: 0 done, 1 an answer is expected")]


class OtpResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The word on a one-time password; `message_id` to `replayed` are of the message that carries it."""

    reference: Annotated[int | str, Meta(description="the sender's reference, in the form it was sent")]
    receiver: Annotated[str, Meta(description="as it was sent")]
    date_time: Annotated[int, Meta(description="when this was answered, Unix seconds of the device")]
    message_id: Annotated[str, Meta(description="the name of its SMS in /api/messages/{id}")] = ""
    modem: str = ""
    account: str = ""
    parts: int = 0
    state: State | Literal[""] = ""
    reason: Annotated[str, Meta(description="key of the reason where the state is not plain success")] = ""
    cost: str = ""
    resent: bool = False
    replayed: Annotated[bool, Meta(description="an earlier outcome; no new code was made or sent")] = False


class Refused(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes back with a refusal; `state` where it was about a message, `date_time` where about a reference."""

    id: int | str | None = None
    reference: int | str | None = None
    receiver: str = ""
    date_time: int = 0
    state: State | Literal[""] = ""
    reason: str
