"""What a feeder and dispatch tell each other beside messages: who can send now, and how the feeder fares."""

from typing import Final, Literal

from msgspec import Struct

from otpbroker.ipc.wire import Verb

FeederWord = Literal["disabled", "connecting", "consuming", "no_modem", "blocked", "failed", "stopping"]
FEEDERS: Final = ("amqp", "websocket")


class Sendable(Struct, frozen=True, kw_only=True):
    """What could be sent now: by so many `modems` in all, `general` of which take numbers that no prefix list names
    (default modems, and those without prefixes), and by so many each of the recipient `prefixes`.
    """

    modems: int = 0
    general: int = 0
    prefixes: dict[str, int] = {}


class AwaitSendable(Verb[Sendable], frozen=True, kw_only=True, tag="await-sendable"):
    """Answered as soon as it is no longer as `known`, and every minute as it is; at once where `known` is None."""

    known: Sendable | None = None


class FeederState(Struct, frozen=True, kw_only=True):
    """How a feeder fares; one that does not run is `disabled`. `key`/`params` say why it stands where it does; the
    last error stays shown after its end.

    `since` and `last_error_at` are Unix seconds. Counters since the process started: `received` messages and commands,
    `answered` outcomes by response code, `retried`, `dead`, `replies` sent and `replies_lost`, `connected` times.
    """

    feeder: str
    state: FeederWord
    since: float
    server: str = ""
    key: str = ""
    params: dict[str, str | int] = {}
    last_error: str = ""
    last_error_params: dict[str, str | int] = {}
    last_error_at: float | None = None
    in_hand: int = 0
    held: int = 0
    received: int = 0
    answered: dict[str, int] = {}
    retried: int = 0
    dead: int = 0
    replies: int = 0
    replies_lost: int = 0
    connected: int = 0


class Heard(Struct, frozen=True):
    """Nothing more to say."""


class Begun(Struct, frozen=True):
    """`before` is how often the same message was begun and never ended: its handling took the process with it."""

    before: int


class BeginDelivery(Verb[Begun], frozen=True, kw_only=True, tag="begin-delivery"):
    """A message that somebody had before is begun; dispatch remembers it in memory until `EndDelivery`."""

    feeder: str
    fingerprint: str


class EndDelivery(Verb[Heard], frozen=True, kw_only=True, tag="end-delivery"):
    feeder: str
    fingerprint: str


class TellFeeder(Verb[Heard], frozen=True, kw_only=True, tag="tell-feeder"):
    state: FeederState
