"""Days added up, and a day taken out again when it has changed."""

from collections.abc import Mapping
from decimal import Decimal

from otpbroker.dispatch.report.count import Counted, Kind
from otpbroker.dispatch.report.days import written
from otpbroker.dispatch.router import plain
from otpbroker.verbs.report import ReportSum, Speed


class _Sum:
    """`priced` counts the amounts that had a cost, so that none left is no cost and not 0."""

    __slots__ = ("cost", "parts", "priced", "states")

    def __init__(self) -> None:
        self.states: dict[str, int] = {}
        self.parts = self.cost = self.priced = 0

    def add(self, state: str, count: int, parts: int, cost: int | None) -> None:
        """`count` is negative, with all else, for what is taken out."""
        self.states[state] = self.states.get(state, 0) + count
        self.parts += parts
        if cost is not None:
            self.cost += cost
            self.priced += 1 if count > 0 else -1

    def told(self, key: str) -> ReportSum:
        states = {state: count for state, count in self.states.items() if count}
        return ReportSum(key=key, states=states, parts=self.parts, cost=cost_text(self.cost if self.priced else None))


class Total:
    def __init__(self) -> None:
        self._sums: dict[tuple[Kind, str], _Sum] = {}
        self._days: dict[int, _Sum] = {}
        self._whole = _Sum()
        self._speeds: dict[int, int] = {}
        self._speed_of: dict[int, Speed | None] = {}

    def add(self, day: int, counted: Counted, sign: int = 1) -> None:
        """`sign` -1 takes out what was added before."""
        of_day = self._days.setdefault(day, _Sum())
        for each in counted.amounts:
            cost = None if each.cost is None else sign * each.cost
            values = (each.state, sign * each.count, sign * each.parts, cost)
            sums = self._sums.get((each.kind, each.key))
            if sums is None:
                sums = self._sums[each.kind, each.key] = _Sum()
            sums.add(*values)
            if each.kind == "modem":  # each message has one, if only an empty one
                of_day.add(*values)
                self._whole.add(*values)
        for ms, count in counted.speeds:
            self._speeds[ms] = self._speeds.get(ms, 0) + sign * count
        if sign > 0:
            self._speed_of[day] = speed(dict(counted.speeds))

    def whole(self) -> ReportSum:
        return self._whole.told("")

    def days(self) -> dict[int, ReportSum]:
        return {day: sums.told(written(day)) for day, sums in self._days.items()}

    def by(self, kind: Kind) -> list[ReportSum]:
        """The largest first."""
        found = [sums.told(key) for (of, key), sums in self._sums.items() if of == kind]
        return sorted((each for each in found if each.states), key=lambda each: (-each.count, each.key))

    def speed(self) -> Speed | None:
        return speed(self._speeds)

    def speeds(self) -> dict[str, Speed]:
        return {written(day): each for day, each in sorted(self._speed_of.items()) if each is not None}


def speed(counts: Mapping[int, int]) -> Speed | None:
    """Of each latency how many there are."""
    total = sum(counts.values())
    if not total:
        return None
    bounds = [-(-total * percent // 100) for percent in (50, 95, 99)]
    found: list[int] = []
    upto = 0
    for ms in sorted(counts):
        upto += counts[ms]
        while len(found) < len(bounds) and upto >= bounds[len(found)]:
            found.append(ms)
    return Speed(count=total, p50_ms=found[0], p95_ms=found[1], p99_ms=found[2])


def cost_text(cost: int | None) -> str:
    return "" if cost is None else plain(Decimal(cost).scaleb(-4))
