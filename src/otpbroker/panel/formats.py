"""Numbers, money and times as people write them: 1.234,5 and 14.05 in Indonesian, 1,234.5 and 14:05 in English."""

import datetime as dt
from decimal import Decimal
from typing import Final

from otpbroker.system.clock import zone
from otpbroker.texts import Language

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
NOTHING: Final = "–"
_MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
}
_UNITS: Final[dict[Language, tuple[str, str, str, str, str]]] = {
    "en": ("d", "h", "min", "s", "ms"),
    "id": ("hari", "jam", "mnt", "dtk", "ms"),
}
_FROM_ENGLISH: Final = str.maketrans(",.", ".,")


def number(value: float | Decimal | None, language: Language, decimals: int | None = None) -> str:
    """Grouped by thousands. Without `decimals` whole numbers have none, and others what they have."""
    if value is None:
        return NOTHING
    exact = Decimal(repr(value)).normalize() if isinstance(value, float) else Decimal(value)
    text = f"{exact:,f}" if decimals is None else f"{exact:,.{decimals}f}"
    text = text.replace("-", "\N{MINUS SIGN}")
    return text.translate(_FROM_ENGLISH) if language == "id" else text


def money(amount: str | Decimal, currency: str, language: Language) -> str:
    """An amount with all the decimals it has; nothing for an empty text."""
    if amount == "":
        return NOTHING
    sign = "Rp" if currency == "IDR" and language == "id" else currency
    return f"{sign}{NO_BREAK}{number(Decimal(amount), language)}"


def mebibytes(value: float, language: Language) -> str:
    """`512 MB`, and from ten thousand on `25.1 GB`."""
    if value < 10_000:
        return f"{number(round(value), language)}{NO_BREAK}MB"
    return f"{number(value / 1024, language, 1)}{NO_BREAK}GB"


def day(value: str | dt.date, language: Language, *, year: bool = True) -> str:
    """`2026-11-27` as `27 Nov 2026`."""
    date = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    text = f"{date.day}{NO_BREAK}{_MONTHS[language][date.month - 1]}"
    return f"{text}{NO_BREAK}{date.year}" if year else text


def time_of_day(value: float, time_zone: str, language: Language, *, seconds: bool = False) -> str:
    """Unix seconds as the time of day there."""
    local = dt.datetime.fromtimestamp(value, zone(time_zone))
    text = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    return text.replace(":", ".") if language == "id" else text


def moment(value: float | None, time_zone: str, language: Language, *, seconds: bool = False) -> str:
    """Unix seconds as the date and time there."""
    if value is None:
        return NOTHING
    local = dt.datetime.fromtimestamp(value, zone(time_zone))
    return f"{day(local.date(), language)}, {time_of_day(value, time_zone, language, seconds=seconds)}"


def duration(seconds: float | None, language: Language) -> str:
    """The two largest units that matter: `850 ms`, `2.4 s`, `3 min 5 s`, `2 d 4 h`."""
    if seconds is None:
        return NOTHING
    days, hours, minutes, short, shortest = _UNITS[language]
    if seconds < 1:
        return f"{round(seconds * 1000)}{NO_BREAK}{shortest}"
    if seconds < 60:
        return f"{number(round(seconds, 1), language)}{NO_BREAK}{short}"
    whole = int(seconds)
    parts = ((whole // 86400, days), (whole // 3600 % 24, hours), (whole // 60 % 60, minutes), (whole % 60, short))
    first = next(at for at, (count, _) in enumerate(parts) if count)
    return " ".join(f"{count}{NO_BREAK}{unit}" for count, unit in parts[first : first + 2] if count)
