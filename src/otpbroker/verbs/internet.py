"""What otpb-dial, which connects modems to the internet, and dispatch, which owns them, tell each other."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from otpbroker.ipc.wire import Verb
from otpbroker.verbs.feeders import Heard

InternetWord = Literal["waiting", "dialling", "up", "failed"]


class Line(Struct, frozen=True, kw_only=True):
    """A serial port on which a modem may be called on. `shared`: its SMS go by another port of the same stick.

    `number` tells one lending from the next: a port that is not shared is lent for one call. Modem and port become part
    of what otpb-dial, which is root, runs.
    """

    modem: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}\Z")]
    port: Annotated[str, Meta(pattern=r"^/[!-~]+\Z", max_length=200)]
    number: int
    shared: bool = False


class Lines(Struct, frozen=True, kw_only=True):
    lines: list[Line] = []


class AwaitLines(Verb[Lines], frozen=True, kw_only=True, tag="await-lines"):
    """The ports to dial on: as soon as they are no longer as `known`, and every minute; at once where `known` is None.
    From the first word on of whoever dials, modems are lent. `life` names its process: a new one holds nothing. A
    dispatch that does not know it wants to be told first what is held (`internet.tell_first`).
    """

    life: str
    known: list[Line] | None = None


class InternetState(Struct, frozen=True, kw_only=True):
    """How a modem's connection fares. `since` is when it came to stand so, Unix seconds. Last failures stay shown:
    `key`/`params` say why, and `retry_s` how long it waits before the next call.

    `waiting`: it has no port now. `program` is what had the modem call: `wvdial` or `chat`.
    """

    modem: str
    state: InternetWord
    since: float
    interface: str = ""
    address: str = ""
    name_servers: list[str] = []
    program: str = ""
    key: str = ""
    params: dict[str, str | int] = {}
    failed_at: float | None = None
    retry_s: int = 0


class TellInternet(Verb[Heard], frozen=True, kw_only=True, tag="tell-internet"):
    """`held` are the lines that calls are made on now: what was lent and is no longer among them is given back."""

    life: str
    states: list[InternetState]
    held: list[Line]
