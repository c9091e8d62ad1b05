"""What otpb-notifier can be asked: how its endpoints fare, and whether a call to a webhook arrives."""

from typing import Literal

from msgspec import Struct

from otpbroker.ipc.wire import Verb
from otpbroker.verbs.dispatch import Alarm, Param

EndpointWord = Literal["idle", "delivering", "failing", "gone"]


class EndpointState(Struct, frozen=True, kw_only=True):
    """A webhook, or a server that callbacks go to. Since the process started: `delivered` calls, `failed` attempts,
    `dropped` calls that were given up. `last_error_at` is Unix seconds.
    """

    name: str
    kind: Literal["webhook", "callback"]
    address: str
    state: EndpointWord
    waiting: int
    delivered: int
    failed: int
    dropped: int
    last_error: str = ""
    last_error_params: dict[str, Param] = {}
    last_error_at: float | None = None


class NotifierState(Struct, frozen=True, kw_only=True):
    """`missed` outcomes were over before the notifier could take them."""

    endpoints: list[EndpointState]
    missed: int
    alarms: list[Alarm]


class NotifierStatus(Verb[NotifierState], frozen=True, kw_only=True, tag="notifier-status"):
    pass


class Tried(Struct, frozen=True, kw_only=True):
    """`status` is the HTTP status, 0 where there was no answer; `key`/`params` say why it was no success."""

    status: int
    latency_ms: int
    key: str = ""
    params: dict[str, Param] = {}


class TryWebhook(Verb[Tried], frozen=True, kw_only=True, tag="try-webhook"):
    """Call a webhook now, once, with an event of the type `webhook.test`."""

    name: str


NotifierVerb = NotifierStatus | TryWebhook
