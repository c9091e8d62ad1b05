"""What may be asked of the simulator over its control socket: one JSON object a line, told apart by `op`."""

import msgspec


class Order(msgspec.Struct, tag_field="op", forbid_unknown_fields=True):
    """`modem` is the modem's number, counted from 0."""


class Set(Order, tag="set"):
    """Changes knobs of one modem, or of all."""

    knobs: dict[str, object]
    modem: int | None = None


class Get(Order, tag="get"):
    modem: int


class Unplug(Order, tag="unplug"):
    modem: int


class Replug(Order, tag="replug"):
    """A new pty under the same link, or under `link` in the same folder."""

    modem: int
    link: str = ""


class Drop(Order, tag="drop"):
    """The network ends the data call, as where the radio is lost: NO CARRIER."""

    modem: int


class Urc(Order, tag="urc"):
    """Says one unsolicited line, such as RING."""

    modem: int
    line: str


class Inject(Order, tag="inject"):
    """An incoming SMS from the network: a text, split where it is long, or ready DELIVER PDUs."""

    modem: int
    sender: str = "+628110000001"
    text: str = ""
    pdus: list[str] = []


class Received(Order, tag="received"):
    """What the recorded submits say, as their recipients read it: number, text, long ones joined."""

    modem: int | None = None


class Recorded(Order, tag="submitted"):
    """The recorded submits themselves, from number `since` on, at most `limit`."""

    modem: int | None = None
    since: int = 0
    limit: int = 50_000


class Counters(Order, tag="counters"):
    """Per modem how many submits ended in which outcome."""


class Clear(Order, tag="clear"):
    """Forgets recorded submits and counters."""


Question = Get | Inject | Received | Recorded | Counters
AnyOrder = Set | Unplug | Replug | Drop | Urc | Clear | Question


class Reply(msgspec.Struct):
    ok: bool
    result: object = None
    error: str = ""
