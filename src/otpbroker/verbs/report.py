"""What otpb-dispatch tells of messages past: counts, cost and speed by day, never a text or a whole number."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from otpbroker.ipc.wire import Result, Verb

MOST_DAYS: Final = 400
Day = Annotated[str, Meta(max_length=10)]  # 2026-11-27
Name = Annotated[str, Meta(max_length=64)]


class ReportSum(Struct, frozen=True, kw_only=True):
    """All messages of one `key`. `cost` is an exact decimal of what went out, empty where no tariff said anything."""

    key: str
    states: dict[str, int]
    parts: int
    cost: str = ""

    @property
    def count(self) -> int:
        return sum(self.states.values())


class Speed(Struct, frozen=True, kw_only=True):
    """From acceptance to the modem's word, of messages that went out; exact to 1.6 %, rounded down."""

    count: int
    p50_ms: int
    p95_ms: int
    p99_ms: int


class ReportTold(Struct, frozen=True, kw_only=True):
    """`days` has every day of the range; the other sums are of the whole range, the largest first, prefixes the
    `MOST_KEYS` largest. `reasons` are of what did not go out. `first_day` is the oldest that the ledger still has,
    empty where it is empty. `incomplete`: the disk refuses, so the latest messages are missing.
    """

    from_day: str
    to_day: str
    first_day: str
    kept_days: int
    incomplete: bool
    total: ReportSum
    days: list[ReportSum]
    modems: list[ReportSum]
    doors: list[ReportSum]
    reasons: list[ReportSum]
    prefixes: list[ReportSum]
    speeds: dict[str, Speed]
    speed: Speed | None = None


class Filtered(Verb[Result], frozen=True, kw_only=True):
    """Calendar days of the device's time zone, both included; an empty day is today. Empty names filter nothing."""

    from_day: Day = ""
    to_day: Day = ""
    door: Name = ""
    modem: Name = ""
    state: Name = ""


class Report(Filtered[ReportTold], frozen=True, kw_only=True, tag="report"):
    """Refused (1105) for a day that is none, days in the wrong order, or more than `MOST_DAYS`."""


class ReportCell(Struct, frozen=True, kw_only=True):
    day: str
    modem: str
    door: str
    state: str
    count: int
    parts: int
    cost: str


class ReportCellsTold(Struct, frozen=True, kw_only=True):
    """In order, whole days; ask again from `next_day` on where it is not empty."""

    cells: list[ReportCell]
    next_day: str = ""


class ReportCells(Filtered[ReportCellsTold], frozen=True, kw_only=True, tag="report-cells"):
    """The counts of each day, modem, door and outcome apart."""


ReportVerb = Report | ReportCells
