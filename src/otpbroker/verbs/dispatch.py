"""What otpb-dispatch can be asked, and what it answers: the closed set of its verbs (DESIGN §2).

A verb is a tagged struct that names the type of its answer. A refusal travels as an error frame
(`otpbroker.ipc.wire`), so an answer to `Send` is always the word on an accepted message.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from otpbroker.errors import ResponseCode
from otpbroker.ipc.wire import Result, Verb
from otpbroker.secrets import MessageText
from otpbroker.verbs.events import AwaitOutcomes
from otpbroker.verbs.feeders import AwaitSendable, BeginDelivery, EndDelivery, FeederState, TellFeeder
from otpbroker.verbs.internet import AwaitLines, InternetState, TellInternet

Door = Literal["rest", "amqp", "websocket", "panel", "cli"]
State = Literal["queued", "sending", "submitted", "delivered", "failed", "expired", "unknown"]
FINAL_STATES: frozenset[str] = frozenset({"submitted", "delivered", "failed", "expired", "unknown"})

MOST_MESSAGES = 1000  # in one answer
RawNumber = Annotated[str, Meta(max_length=64)]
Param = str | int


class Sent(Struct, frozen=True, kw_only=True):
    """The word on an accepted message. `state` says all; `key`/`params` name the reason where it is not plain success.

    `replayed`: this is the earlier outcome of the same idempotency key or duplicate, nothing was sent again.
    `resent`: sent once more on another modem after an unknown outcome. `replaced`: what transliteration changed.
    `retry_after_s` is set where the same message may well go later: the modems failed it, not it them.
    """

    message_id: str
    state: State
    code: ResponseCode
    key: str = ""
    params: dict[str, Param] = {}
    modem: str = ""
    parts: int = 0
    cost: str = ""
    replayed: bool = False
    resent: bool = False
    replaced: dict[str, str] = {}
    retry_after_s: float | None = None


class LedgerRow(Struct, frozen=True, kw_only=True):
    message_id: str
    accepted_at: float
    door: str
    user: str
    msisdn_masked: str
    state: State
    modem: str
    parts: int
    units: int
    reason: str
    latency_ms: int | None
    cost: str
    resent: bool


class LedgerRows(Struct, frozen=True, kw_only=True):
    """`older` and `newer` name the pages beside this one (`Messages.before`, `Messages.after`), empty at the ends."""

    messages: list[LedgerRow]
    older: str = ""
    newer: str = ""


class BlockEntry(Struct, frozen=True, kw_only=True):
    """`blocked` False is an unblocked number that stays listed (the customer's *diputihkan*)."""

    msisdn: str
    blocked: bool


class BlockEntries(Struct, frozen=True, kw_only=True):
    block_list: list[BlockEntry]


class ModemFacts(Struct, frozen=True, kw_only=True):
    """One modem as the device sees it. `state` is `otpbroker.modem.status.ModemState`; `reason` a text key.
    `busy`: it could send, but has something to do now.
    """

    id: str
    name: str
    port: str
    active: bool
    sms_api: bool
    default_modem: bool
    connected: bool
    registered: bool
    state: str
    reason: str = ""
    params: dict[str, Param] = {}
    imei: str = ""
    imsi: str = ""
    iccid: str = ""
    msisdn: str = ""
    operator: str = ""
    signal_dbm: int | None = None
    manufacturer: str = ""
    model: str = ""
    revision: str = ""
    smsc: str = ""
    sent_today: int = 0
    sent_month: int = 0
    configured: bool = True
    busy: bool = False


class ModemFactsList(Struct, frozen=True, kw_only=True):
    modems: list[ModemFacts]


class UssdAnswer(Struct, frozen=True, kw_only=True):
    """`status` as 3GPP TS 27.007 §7.15: 0 done, 1 answer expected, 2 ended by the network, 3 another client,
    4 not supported, 5 timeout.
    """

    modem: str
    status: int
    text: str


class InboxMessage(Struct, frozen=True, kw_only=True):
    """`key` names the stored parts for deletion; `complete` is False while parts are missing."""

    key: str
    sender: str
    received_at: str
    text: str
    complete: bool = True


class InboxMessages(Struct, frozen=True, kw_only=True):
    messages: list[InboxMessage]


class RouteStep(Struct, frozen=True, kw_only=True):
    """One modem in the order it would be tried, with why it stands there or why it is left out."""

    modem: str
    name: str
    eligible: bool
    chosen: bool
    key: str
    params: dict[str, Param] = {}
    price: str = ""


class RouteExplanation(Struct, frozen=True, kw_only=True):
    """`key`/`params` say which rule chose `modems`, which take turns from `modem` on;
    `refusal` is set where the number would not be sent to at all.
    """

    msisdn: str
    msisdn_masked: str
    routing: str
    modem: str
    modems: list[str]
    key: str
    params: dict[str, Param] = {}
    refusal: str = ""
    refusal_params: dict[str, Param] = {}
    steps: list[RouteStep] = []


class Counters(Struct, frozen=True, kw_only=True):
    """Since start; `by_state` counts final states, `queued` is now."""

    queued: int
    in_flight: int
    accepted: int
    by_state: dict[str, int]
    by_modem: dict[str, int]
    latency_ms_sum: float
    latency_count: int


class Alarm(Struct, frozen=True, kw_only=True):
    """What needs a hand: a text key; `params` names the modem where it is one's."""

    key: str
    params: dict[str, Param] = {}


class FoundModem(Struct, frozen=True, kw_only=True):
    """A stick that is plugged but in no settings; `reason` is the text key of why it cannot be used, if so."""

    name: str
    port: str = ""
    imei: str = ""
    reason: str = ""


class DispatchStatus(Struct, frozen=True, kw_only=True):
    """`settings_error` is the text key of why the last settings were refused, empty where they were taken."""

    version: str
    uptime_s: float
    modems: list[ModemFacts]
    counters: Counters
    alarms: list[Alarm]
    settings_error: str = ""
    found: list[FoundModem] = []
    feeders: list[FeederState] = []
    internet: list[InternetState] = []


class Done(Struct, frozen=True, kw_only=True):
    """A command that needs no further word; `msisdn` is the canonical number it was about."""

    msisdn: str = ""


class Lasting(Verb[Result], frozen=True, kw_only=True):
    """A verb that is done once, however often its answer is lost: `message_id` is the door's own name for it. After
    `deadline_s` it is answered as it stands. `redelivered`: dispatch's earlier life may have had it.
    """

    message_id: Annotated[str, Meta(pattern=r"^([0-9a-f]{24})?\Z")] = ""
    deadline_s: float | None = None
    redelivered: bool = False


class Once(Verb[Result], frozen=True, kw_only=True):
    """A verb that costs something each time it is done: it is never asked again by itself."""


class Send(Lasting[Sent], frozen=True, kw_only=True, tag="send"):
    """Send one SMS. `msisdn` is raw (dispatch makes it canonical); `wait` answers at the outcome or after
    `deadline_s`, else at once with state `queued`. `lifetime_s` None takes the setting. `modem` names one modem
    (the manual page: any active one, also with `sms_api` off). `short_code` lets `msisdn` be a short number.

    `delivery_key` is a message broker's own name for it: known with the same number and text, its first outcome
    stands. `broker_redelivered`: the message broker had given it to somebody before. `callback` is where the sender
    wants to hear of the outcome, and `reference` the one-time password that it carries.
    """

    door: Door
    msisdn: RawNumber
    text: MessageText
    user: str = ""
    id: str = ""
    lifetime_s: float | None = None
    wait: bool = True
    idempotency_key: Annotated[str, Meta(max_length=255)] = ""
    modem: str = ""
    short_code: bool = False
    delivery_key: Annotated[str, Meta(max_length=255)] = ""
    broker_redelivered: bool = False
    callback: Annotated[str, Meta(max_length=2000)] = ""
    reference: str = ""


class Message(Verb[Sent], frozen=True, kw_only=True, tag="message"):
    """The state of one message, for its own sender (`door` and `user` must match; `cli` and `panel` see all)."""

    message_id: str
    door: Door
    user: str = ""


class Messages(Verb[LedgerRows], frozen=True, kw_only=True, tag="messages"):
    """The newest `limit` ledger rows, masked, that were accepted before the row that `before` names; or those next
    `after` one. Days are calendar days of the device's time zone; `number` is any part of the masked number; empty
    fields filter nothing.
    """

    limit: Annotated[int, Meta(ge=1, le=MOST_MESSAGES)] = 100
    state: str = ""
    door: Annotated[str, Meta(max_length=64)] = ""
    modem: Annotated[str, Meta(max_length=64)] = ""
    number: Annotated[str, Meta(max_length=32)] = ""
    from_day: Annotated[str, Meta(max_length=10)] = ""
    to_day: Annotated[str, Meta(max_length=10)] = ""
    before: Annotated[str, Meta(max_length=64)] = ""
    after: Annotated[str, Meta(max_length=64)] = ""


class Block(Verb[Done], frozen=True, kw_only=True, tag="block"):
    msisdn: RawNumber


class Unblock(Verb[Done], frozen=True, kw_only=True, tag="unblock"):
    msisdn: RawNumber


class DeleteBlocked(Verb[Done], frozen=True, kw_only=True, tag="delete-blocked"):
    msisdn: RawNumber


class ChangeBlocked(Verb[Done], frozen=True, kw_only=True, tag="change-blocked"):
    """Many changes of the block list at once; numbers in their canonical form, none of them in both lists."""

    listed: Annotated[list[BlockEntry], Meta(max_length=1000)] = field(default_factory=list)
    deleted: Annotated[list[str], Meta(max_length=1000)] = field(default_factory=list)


class BlockedList(Verb[BlockEntries], frozen=True, kw_only=True, tag="blocked"):
    pass


class ModemList(Verb[ModemFactsList], frozen=True, kw_only=True, tag="modem-list"):
    pass


class Ussd(Once[UssdAnswer], frozen=True, kw_only=True, tag="ussd"):
    """Run a USSD code, or answer a running session with `code`."""

    modem: str
    code: Annotated[str, Meta(pattern=r"^[0-9*#+]{1,160}\Z")]
    timeout_s: Annotated[float, Meta(gt=0, le=180)] = 60


class UssdCancel(Verb[Done], frozen=True, kw_only=True, tag="ussd-cancel"):
    modem: str


class Inbox(Verb[InboxMessages], frozen=True, kw_only=True, tag="inbox"):
    modem: str


class InboxDelete(Verb[Done], frozen=True, kw_only=True, tag="inbox-delete"):
    modem: str
    key: Annotated[str, Meta(pattern=r"^[A-Z]{2}:[0-9]+(,[0-9]+)*\Z")]


class NetworkTimeTold(Struct, frozen=True, kw_only=True):
    """Unix seconds by the modem's clock; None where it does not tell. Nobody knows whether a network has set it."""

    unix_s: float | None = None


class NetworkTime(Verb[NetworkTimeTold], frozen=True, kw_only=True, tag="network-time"):
    modem: str


class SetSimPin(Once[Done], frozen=True, kw_only=True, tag="set-sim-pin"):
    """Turn the SIM's PIN lock on with `pin` (3GPP TS 27.007 §7.4)."""

    modem: str
    pin: MessageText


class RemoveSimPin(Once[Done], frozen=True, kw_only=True, tag="remove-sim-pin"):
    modem: str
    pin: MessageText


class Route(Verb[RouteExplanation], frozen=True, kw_only=True, tag="route"):
    msisdn: RawNumber


class Status(Verb[DispatchStatus], frozen=True, kw_only=True, tag="status"):
    pass


DispatchVerb = (
    Send
    | Message
    | Messages
    | Block
    | Unblock
    | DeleteBlocked
    | ChangeBlocked
    | BlockedList
    | ModemList
    | Ussd
    | UssdCancel
    | Inbox
    | InboxDelete
    | NetworkTime
    | SetSimPin
    | RemoveSimPin
    | Route
    | Status
    | AwaitSendable
    | AwaitOutcomes
    | BeginDelivery
    | EndDelivery
    | TellFeeder
    | AwaitLines
    | TellInternet
)
