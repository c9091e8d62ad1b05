"""The filters of the templates: `otpbroker.panel.formats` in the language of the visit and the device's time zone."""

from decimal import Decimal
from typing import Any

from otpbroker.panel import formats
from otpbroker.panel.desk import Desk
from otpbroker.panel.visit import Visit


class Filters:
    """Each public method is a filter of its name; the renderer gives it the visit."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def number(self, visit: Visit, value: Any, decimals: int | None = None) -> str:
        return formats.number(value, visit.words.language, decimals)

    def money(self, visit: Visit, amount: str | Decimal, currency: str = "") -> str:
        return formats.money(amount, currency or self._desk.settings.general.currency, visit.words.language)

    def day(self, visit: Visit, value: Any, *, year: bool = True) -> str:
        """`value` is a date or its ISO text."""
        return formats.day(value, visit.words.language, year=year)

    def time_of_day(self, visit: Visit, value: float, *, seconds: bool = False) -> str:
        zone = self._desk.settings.general.time_zone
        return formats.time_of_day(value, zone, visit.words.language, seconds=seconds)

    def moment(self, visit: Visit, value: float | None, *, seconds: bool = False) -> str:
        """`value` is Unix seconds."""
        zone = self._desk.settings.general.time_zone
        return formats.moment(value, zone, visit.words.language, seconds=seconds)

    def duration(self, visit: Visit, seconds: float | None) -> str:
        return formats.duration(seconds, visit.words.language)

    def mebibytes(self, visit: Visit, value: float) -> str:
        return formats.mebibytes(value, visit.words.language)

    def sentence(self, _visit: Visit, text: str) -> str:
        """With a capital letter first: what other processes say also stands behind the name of a field."""
        return f"{text[:1].upper()}{text[1:]}"
