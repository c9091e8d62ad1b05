"""Counted days, remembered, and what they add up to."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import msgspec

from otpbroker.dispatch.report.count import Counted, Filter, Mark, Reader
from otpbroker.dispatch.report.days import Day
from otpbroker.dispatch.report.sums import Total

MOST_OCTETS: Final = 8 * 1024 * 1024
_MOST_TOTALS: Final = 8
_ENCODE: Final = msgspec.msgpack.Encoder()
_DECODE: Final = msgspec.msgpack.Decoder(Counted)

_Key = tuple[int, Filter]
_Range = tuple[int, int, Filter]


class _Page(msgspec.Struct):
    """A day as counted while the ledger had `mark` for it."""

    mark: Mark
    packed: bytes


class _Sum(msgspec.Struct):
    """`taken` are the pages whose numbers are in `total`, by day."""

    total: Total
    taken: dict[int, _Page]


class Book:
    """Of one thread. All days are of one time zone, all prefixes of one length."""

    def __init__(self, reader: Reader, prefix_length: int, most_octets: int = MOST_OCTETS) -> None:
        self.reader = reader
        self._prefix_length = prefix_length
        self._most_octets = most_octets
        self._octets = 0
        self._pages: OrderedDict[_Key, _Page] = OrderedDict()  # the longest unused one first
        self._totals: OrderedDict[_Range, _Sum] = OrderedDict()
        self._version = -1
        self._marks: dict[int, Mark] = {}

    def total(self, days: Sequence[Day], wanted: Filter) -> Total:
        """What these days add up to as the ledger stands; valid until the next call."""
        self._look()
        key = (days[0].number, days[-1].number, wanted)
        found = self._totals.pop(key, None) or _Sum(Total(), {})
        for day in days:
            page, counted = self._page(day, wanted)
            old = found.taken.get(day.number)
            if old is not page:
                if old is not None:
                    found.total.add(day.number, _DECODE.decode(old.packed), -1)
                found.total.add(day.number, counted or _DECODE.decode(page.packed))
                found.taken[day.number] = page
        self._totals[key] = found
        if len(self._totals) > _MOST_TOTALS:
            self._totals.popitem(last=False)
        self._trim()
        return found.total

    def _look(self) -> None:
        version = self.reader.version()
        if version != self._version:
            self._version = version
            self._marks.clear()

    def _mark(self, day: Day) -> Mark:
        if day.number not in self._marks:
            self._marks[day.number] = self.reader.mark(day)
        return self._marks[day.number]

    def _page(self, day: Day, wanted: Filter) -> tuple[_Page, Counted | None]:
        """And the day as counted, where that had to be done now."""
        key, mark = (day.number, wanted), self._mark(day)
        known = self._pages.get(key)
        if known is not None and known.mark == mark:
            self._pages.move_to_end(key)
            return known, None
        counted = self.reader.count(day, wanted, self._prefix_length)
        page = _Page(mark, _ENCODE.encode(counted))
        self._octets += len(page.packed) - (len(known.packed) if known is not None else 0)
        self._pages[key] = page
        self._pages.move_to_end(key)
        return page, counted

    def _trim(self) -> None:
        while self._octets > self._most_octets:
            _, page = self._pages.popitem(last=False)
            self._octets -= len(page.packed)
            self._totals.clear()
