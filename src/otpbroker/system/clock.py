"""The clocks: lifetimes run on the monotonic one; the wall's is for people, and may be wrong (no RTC: it jumps)."""

import ctypes
import datetime as dt
import time
import zoneinfo
from pathlib import Path
from typing import Final

_STA_UNSYNC: Final = 0x0040
_TIMEX_OCTETS: Final = 256
_STATUS_OFFSET: Final = 5 * ctypes.sizeof(ctypes.c_long)  # modes (padded), offset, freq, maxerror, esterror
_TIMESYNCD_FLAG: Final = Path("/run/systemd/timesync/synchronized")
_ADJTIMEX: Final = ctypes.CDLL(None).adjtimex


def wall_s() -> float:
    """Unix time as this machine believes it."""
    return time.time()


def unix_time_if_synchronised() -> float | None:
    """The Unix time in seconds, or None while no time source has set the kernel's clock (adjtimex(2))."""
    return time.time() if is_synchronised() else None


def is_synchronised(timesyncd_flag: Path = _TIMESYNCD_FLAG) -> bool:
    """On the device the sandbox of our services forbids asking the kernel (`ProtectClock=`): there the flag counts that
    systemd-timesyncd sets.
    """
    timex = ctypes.create_string_buffer(_TIMEX_OCTETS)
    if _ADJTIMEX(timex) < 0:
        return timesyncd_flag.exists()
    status = ctypes.c_int.from_buffer(timex, _STATUS_OFFSET).value
    return not status & _STA_UNSYNC


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
