"""Which calendar days a page is about, as its query says."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from otpbroker.panel.visit import Fields

PRESETS: Final = {"today": 1, "week": 7, "month": 30, "quarter": 90}


@dataclass(frozen=True, slots=True)
class Period:
    """`preset` is empty where days were typed; those may be none."""

    preset: str
    from_day: str
    to_day: str

    @property
    def query(self) -> dict[str, str]:
        """What leads to the same period from any other page."""
        return {"range": self.preset} if self.preset else {"from": self.from_day, "to": self.to_day}


def period(query: Fields, today: str) -> Period:
    """Typed days, of which one may be left out, before a preset; the last 7 days where there is neither."""
    first, last = query.get("from").strip()[:10], query.get("to").strip()[:10]
    if first or last:
        return Period("", first or last, last or today)
    preset = query.get("range")
    preset = preset if preset in PRESETS else "week"
    since = dt.date.fromisoformat(today) - dt.timedelta(PRESETS[preset] - 1)
    return Period(preset, since.isoformat(), today)
