"""Calendar days of the device's time zone, as the report takes them."""

import datetime as dt
from typing import Final, NamedTuple

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.clock import day_of, zone
from otpbroker.verbs.report import MOST_DAYS

_LAST_YEAR: Final = 9000


class Day(NamedTuple):
    """`number` is its proleptic ordinal; Unix seconds from `since` until before `until`, 23 to 25 hours."""

    number: int
    since: float
    until: float


def days(from_day: str, to_day: str, time_zone: str, now: float) -> list[Day]:
    """Raises `BrokerError` (1105) for what is no range of days."""
    today = day_of(now, time_zone)
    try:
        first, last = dt.date.fromisoformat(from_day or today), dt.date.fromisoformat(to_day or today)
    except ValueError:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "history.no_day") from None
    count = (last - first).days + 1
    if count < 1:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "history.days_reversed")
    if count > MOST_DAYS or last.year > _LAST_YEAR:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "history.too_many_days", most=MOST_DAYS)
    starts = [_midnight(first + dt.timedelta(at), time_zone) for at in range(count + 1)]
    return [Day(first.toordinal() + at, starts[at], starts[at + 1]) for at in range(count)]


def written(number: int) -> str:
    return dt.date.fromordinal(number).isoformat()


def _midnight(date: dt.date, time_zone: str) -> float:
    return dt.datetime.combine(date, dt.time(), zone(time_zone)).timestamp()
