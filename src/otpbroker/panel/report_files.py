"""The report and its messages as lines of CSV, asked for by parts, each a chunk."""

import datetime as dt
from collections.abc import Callable, Generator, Mapping
from typing import Final

from otpbroker.panel import spreadsheet
from otpbroker.panel.words import Words
from otpbroker.system.clock import zone
from otpbroker.verbs.dispatch import LedgerRow, LedgerRows
from otpbroker.verbs.report import ReportCellsTold

# The names are the same in every language: files of two people fit together, and scripts find their columns.
CELL_COLUMNS: Final = ("day", "modem", "modem_name", "door", "state", "messages", "parts", "cost")
MESSAGE_COLUMNS: Final = (
    "accepted_at", "message_id", "number", "state", "reason", "modem", "modem_name", "door", "user", "parts",
    "characters", "latency_ms", "cost", "sent_twice",
)  # fmt: skip


def cell_lines(
    ask: Callable[[str], ReportCellsTold], from_day: str, names: Mapping[str, str]
) -> Generator[bytes, None, None]:
    """`ask` tells of the days from the one that it gets."""
    heading: list[tuple[object, ...]] = [CELL_COLUMNS]
    while from_day:
        told = ask(from_day)
        rows = [
            (each.day, each.modem, names.get(each.modem, ""), each.door, each.state, each.count, each.parts, each.cost)
            for each in told.cells
        ]
        yield spreadsheet.lines([*heading, *rows])
        heading, from_day = [], told.next_day


def message_lines(
    ask: Callable[[str], LedgerRows], names: Mapping[str, str], time_zone: str, words: Words
) -> Generator[bytes, None, None]:
    """`ask` tells of the messages before the mark that it gets, the newest first."""
    heading: list[tuple[object, ...]] = [MESSAGE_COLUMNS]
    before, more = "", True
    while more:
        told = ask(before)
        yield spreadsheet.lines([*heading, *(_message(row, names, time_zone, words) for row in told.messages)])
        heading, before, more = [], told.older, bool(told.older)


def _message(row: LedgerRow, names: Mapping[str, str], time_zone: str, words: Words) -> tuple[object, ...]:
    accepted = dt.datetime.fromtimestamp(row.accepted_at, zone(time_zone)).isoformat(" ", "seconds")
    return (
        accepted,
        row.message_id,
        row.msisdn_masked,
        row.state,
        words.say(row.reason) if row.reason else "",
        row.modem,
        names.get(row.modem, ""),
        row.door,
        row.user,
        row.parts,
        row.units,
        row.latency_ms,
        row.cost,
        int(row.resent),
    )
