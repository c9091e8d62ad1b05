"""When services or device are restarted by themselves: `03:30` every day, `Sun 03:30` every week, nothing never.

Rendered as timers of systemd, which start `otpb-restart@….service`. That looks again whether it is time: a clock that
is set, by NTP after a start without one, makes a timer elapse late or at once (systemd.timer(5)).
"""

import datetime as dt
import re
from pathlib import Path
from typing import Final

from otpbroker.config.sections.general import GeneralSection
from otpbroker.network.names import Unrenderable

WHAT: Final = ("services", "device")
FOLDER: Final = Path("run/systemd/system")  # below the root prefix
LATE: Final = dt.timedelta(minutes=10)  # a timer may elapse so long after its time, and it is still meant
SETTLED_S: Final = 3600.0  # nothing is restarted again that has just started
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WHEN: Final = re.compile(rf"(?:({'|'.join(_DAYS)}) )?([01][0-9]|2[0-3]):([0-5][0-9])")
_ZONE: Final = re.compile(r"[A-Za-z0-9_+/-]{1,64}")


def unit(what: str) -> str:
    return f"otpb-restart@{what}.timer"


def when(general: GeneralSection, what: str) -> str:
    """As the settings have it, empty for never."""
    return general.restart_device if what == "device" else general.restart_services


def render(general: GeneralSection, what: str) -> str:
    """A timer of /run/systemd/system (systemd.timer(5)); nothing, which systemd takes for a masked unit, for never."""
    at = when(general, what)
    if not at:
        return ""
    found = _WHEN.fullmatch(at)
    if not found or not _ZONE.fullmatch(general.time_zone):
        raise Unrenderable(f"general.restart_{what}")
    day = f"{found[1]} " if found[1] else ""
    calendar = f"{day}*-*-* {found[2]}:{found[3]}:00 {general.time_zone}"
    return f"[Unit]\nDescription=OTP Broker: restart of the {what}\n[Timer]\nOnCalendar={calendar}\nAccuracySec=1s\n"


def is_due(at: str, now: dt.datetime, up_s: float) -> bool:
    """Whether `now`, in the device's time zone, is when `at` means. `up_s`: how long what is to be restarted runs."""
    found = _WHEN.fullmatch(at)
    if not found or up_s < SETTLED_S:
        return False
    for before in (0, 1):
        day = now - dt.timedelta(days=before)
        meant = day.replace(hour=int(found[2]), minute=int(found[3]), second=0, microsecond=0)
        if found[1] in (None, _DAYS[meant.weekday()]) and dt.timedelta(0) <= now - meant <= LATE:
            return True
    return False
