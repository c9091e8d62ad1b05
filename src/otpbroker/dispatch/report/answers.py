"""Each question about messages past to its answer."""

from typing import Final

from msgspec import Struct

from otpbroker.dispatch.ledger import KEPT_DAYS
from otpbroker.dispatch.report import pages
from otpbroker.dispatch.report.book import Book
from otpbroker.dispatch.report.count import Filter
from otpbroker.dispatch.report.days import Day, days, written
from otpbroker.dispatch.report.sums import cost_text
from otpbroker.system.clock import day_of, wall_s
from otpbroker.verbs.dispatch import Messages
from otpbroker.verbs.report import Report, ReportCell, ReportCells, ReportCellsTold, ReportTold

MOST_KEYS: Final = 100
MOST_CELLS: Final = 3000


def told(book: Book, call: Messages | Report | ReportCells, time_zone: str, *, incomplete: bool) -> Struct:
    """Raises `BrokerError` for what cannot be asked."""
    if isinstance(call, Messages):
        if call.from_day and call.to_day:
            _days(call.from_day, call.to_day, time_zone)
        since = _days(call.from_day, call.from_day, time_zone)[0].since if call.from_day else None
        until = _days(call.to_day, call.to_day, time_zone)[0].until if call.to_day else None
        return pages.page(book.reader.rows, call, since, until)
    asked = _days(call.from_day, call.to_day, time_zone)
    wanted = Filter(call.door, call.modem, call.state)
    if isinstance(call, ReportCells):
        return _cells(book, asked, wanted)
    return _report(book, asked, wanted, time_zone, incomplete=incomplete)


def _days(from_day: str, to_day: str, time_zone: str) -> list[Day]:
    return days(from_day, to_day, time_zone, wall_s())


def _report(book: Book, asked: list[Day], wanted: Filter, time_zone: str, *, incomplete: bool) -> ReportTold:
    total = book.total(asked, wanted)
    by_day, oldest = total.days(), book.reader.oldest()
    return ReportTold(
        from_day=written(asked[0].number),
        to_day=written(asked[-1].number),
        first_day="" if oldest is None else day_of(oldest, time_zone),
        kept_days=KEPT_DAYS,
        incomplete=incomplete,
        total=total.whole(),
        days=[by_day[day.number] for day in asked],
        modems=total.by("modem"),
        doors=total.by("door"),
        reasons=total.by("reason"),
        prefixes=total.by("prefix")[:MOST_KEYS],
        speeds=total.speeds(),
        speed=total.speed(),
    )


def _cells(book: Book, asked: list[Day], wanted: Filter) -> ReportCellsTold:
    """Whole days, as many as make an answer of no more than one day too much."""
    cells: list[ReportCell] = []
    for day in asked:
        name = written(day.number)
        if len(cells) >= MOST_CELLS:
            return ReportCellsTold(cells=cells, next_day=name)
        for modem, door, state, count, parts, cost in book.reader.cells(day, wanted):
            cell = ReportCell(
                day=name, modem=modem, door=door, state=state, count=count, parts=parts, cost=cost_text(cost)
            )
            cells.append(cell)
    return ReportCellsTold(cells=cells)
