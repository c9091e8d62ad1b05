"""TP-SCTS and TP-DT: local time with its zone in quarters of an hour (3GPP TS 23.040 §9.2.3.11)."""

from datetime import datetime, timedelta, timezone
from typing import Final

OCTETS: Final = 7
_QUARTER: Final = timedelta(minutes=15)
_WEST: Final = 0x08  # the sign, in the tens of the zone


def decode(octets: bytes) -> datetime | None:
    """The moment with its zone; None for what is no date, because a wrong clock must not hide a message."""
    *fields, zone = octets
    numbers = [_number(octet) for octet in fields]
    quarters = _number(zone & ~_WEST)
    if quarters is None or None in numbers:
        return None
    offset = quarters * _QUARTER * (-1 if zone & _WEST else 1)
    year, month, day, hour, minute, second = (number or 0 for number in numbers)
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        return None


def encode(moment: datetime) -> bytes:
    """`moment` carries its zone; fractions of a second and of a quarter of an hour fall away."""
    quarters = (moment.utcoffset() or timedelta()) // _QUARTER
    fields = (moment.year % 100, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    zone = _octet(abs(quarters)) | (_WEST if quarters < 0 else 0)
    return bytes((*map(_octet, fields), zone))


def _number(octet: int) -> int | None:
    tens, units = octet & 0x0F, octet >> 4
    return tens * 10 + units if tens < 10 and units < 10 else None


def _octet(number: int) -> int:
    return number // 10 | number % 10 << 4
