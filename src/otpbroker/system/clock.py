"""The clocks: lifetimes run on the monotonic one; the wall's is for people, and may be wrong (no RTC: it jumps)."""

import datetime as dt
import time
import zoneinfo


def wall_s() -> float:
    """Unix time as this machine believes it."""
    return time.time()


def day_of(wall: float, time_zone: str) -> str:
    """`2026-11-23` in the device's time zone; UTC where the zone is not known."""
    return dt.datetime.fromtimestamp(wall, zone(time_zone)).date().isoformat()


def day_left_s(wall: float, time_zone: str) -> float:
    """Seconds to the next midnight in the device's time zone."""
    now = dt.datetime.fromtimestamp(wall, zone(time_zone))
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), now.tzinfo)
    return midnight.timestamp() - wall


def zone(name: str) -> dt.tzinfo:
    """The zone of that name; UTC where it is not known."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return dt.UTC
