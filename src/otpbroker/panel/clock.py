"""Moments as people here read them: in the device's time zone."""

import functools
import zoneinfo
from datetime import UTC, datetime, tzinfo


def written(at: float, zone: str) -> str:
    """Unix seconds as `2026-05-12 14:03:22`; in UTC, and saying so, where this machine does not know the zone."""
    known = _zone(zone)
    return f"{datetime.fromtimestamp(at, known or UTC):%Y-%m-%d %H:%M:%S}{'' if known else ' UTC'}"


@functools.lru_cache(maxsize=8)
def _zone(name: str) -> tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
