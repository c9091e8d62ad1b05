"""What otpb-mail can be asked, and what it answers (SPEC §6)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from otpbroker.errors import ResponseCode
from otpbroker.ipc.wire import Verb
from otpbroker.secrets import MessageText
from otpbroker.verbs.dispatch import Alarm, Door, Lasting, Once, Param
from otpbroker.verbs.events import AwaitOutcomes

MAX_TEXT: int = 65536  # characters
MAX_FRAME_OCTETS: int = 512 * 1024  # such a text, every character escaped
MailState = Literal["submitted", "failed", "expired", "unknown"]
AccountState = Literal["ready", "resting", "failing", "quota_used", "inactive"]


class Mailed(Struct, frozen=True, kw_only=True):
    """The word on an accepted mail. `submitted`: a server took it, by `account`. `key`/`params` name the reason where
    it is not plain success. `replayed`: an earlier outcome of the same mail, nothing was sent again. `retry_after_s` is
    set where the same mail may well go later.
    """

    state: MailState
    code: ResponseCode
    account: str = ""
    key: str = ""
    params: dict[str, Param] = {}
    replayed: bool = False
    retry_after_s: float | None = None


class DeliverMail(Lasting[Mailed], frozen=True, kw_only=True, tag="deliver"):
    """Send one mail, and answer with its outcome within `deadline_s` (None: a minute). Given again with the same
    `message_id`, what left once never leaves again.

    An empty `subject` is the device's name. `idempotency_key` is the sender's own name for it (other content under the
    same name is refused with 1105 `idempotency.other_content`), `delivery_key` a message broker's, which may have given
    it before where `broker_redelivered` is set. A repeated `id` is suppressed only with an unchanged content, for ten
    minutes. `reference` is that of a one-time password; `callback` the address to tell the outcome to. `account`
    names the only one that may send it, however it fares; empty lets them take turns.
    """

    door: Door
    recipient: Annotated[str, Meta(max_length=1000)]
    subject: Annotated[str, Meta(max_length=998)]
    text: MessageText
    user: str = ""
    idempotency_key: Annotated[str, Meta(max_length=255)] = ""
    delivery_key: Annotated[str, Meta(max_length=255)] = ""
    broker_redelivered: bool = False
    id: Annotated[str, Meta(max_length=128)] = ""
    reference: Annotated[str, Meta(max_length=128)] = ""
    callback: Annotated[str, Meta(max_length=2000)] = ""
    account: Annotated[str, Meta(max_length=255)] = ""


class TestAccount(Once[Mailed], frozen=True, kw_only=True, tag="test"):
    """Send a test mail by this account and no other, also while it is not active or rests after a failure."""

    __test__ = False  # its name is no call to pytest

    account: str
    recipient: Annotated[str, Meta(max_length=1000)]
    deadline_s: Annotated[float, Meta(gt=0)] = 60


class AccountFacts(Struct, frozen=True, kw_only=True):
    """One account as it fares. `quota_day` 0 is none. `key`/`params` are its last error, `last_error_at` in Unix
    seconds; `retry_s` is set while it rests.
    """

    name: str
    sender: str
    state: AccountState
    active: bool = True
    sent_today: int = 0
    quota_day: int = 0
    in_flight: int = 0
    sent: int = 0
    failed: int = 0
    key: str = ""
    params: dict[str, Param] = {}
    last_error_at: float | None = None
    retry_s: float | None = None


class MailFacts(Struct, frozen=True, kw_only=True):
    """`accounts` by name in the order of the settings; `by_state` counts outcomes since the start. `relay` is the
    address that the relay listens at, empty where it does not.
    """

    accounts: list[AccountFacts] = []
    direct: AccountFacts | None = None
    relay: str = ""
    in_hand: int = 0
    by_state: dict[str, int] = {}
    alarms: list[Alarm] = []
    settings_error: str = ""


class MailStatus(Verb[MailFacts], frozen=True, kw_only=True, tag="status"):
    pass


MailVerb = DeliverMail | TestAccount | MailStatus | AwaitOutcomes
