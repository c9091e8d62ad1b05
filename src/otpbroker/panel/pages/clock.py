"""The device's clock beside the browser's, and how it is set from there."""

import datetime as dt
import functools
import zoneinfo
from collections.abc import Mapping
from typing import Any, Final

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.formats import moment
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.system import clock, timekeeping
from otpbroker.verbs.apply import SetClock, SetSection

MOST_OFF_S: Final = 60
_LEAST, _MOST = 1_700_000_000, 4_000_000_000
_NOWHERE: Final = "UTC"  # what browsers say that do not want to tell
_INDONESIAN: Final = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


@functools.cache
def zones() -> tuple[tuple[str, str], ...]:
    """The time zones that this machine knows, Indonesia's first, each with its text; none where it knows none."""
    known = zoneinfo.available_timezones()
    home = [(name, f"{name} ({short})") for name, short in _INDONESIAN.items() if name in known]
    places = {name for name in known if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))}
    others = sorted((places | (known & {"UTC"})) - _INDONESIAN.keys())
    return (*home, *((name, name) for name in others))


def state(desk: Desk, back: str, browser: str = "", zone: str = "") -> Mapping[str, Any]:
    """What `_clock.html` shows. `browser` and `zone` are the browser's Unix time and zone, empty where no script
    tells.
    """
    now = clock.wall_s()
    zone = "" if zone == _NOWHERE else zone
    theirs = _unix(browser)
    own_zone = desk.settings.general.time_zone
    return {
        "back": back,
        "now": now,
        "local": dt.datetime.fromtimestamp(now, clock.zone(own_zone)).strftime("%Y-%m-%dT%H:%M"),
        "zone": own_zone,
        "browser": theirs,
        "off_s": None if theirs is None else abs(theirs - now),
        "is_off": theirs is not None and abs(theirs - now) > MOST_OFF_S,
        "kept": timekeeping.read(),
        "other_zone": zone if zone != own_zone and any(zone == name for name, _ in zones()) else "",
    }


class ClockPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/clock", self.compared), post("/clock", self.set), post("/clock/zone", self.set_zone)]

    def compared(self, visit: Visit) -> Answer:
        """For scripts: the clock block, which knows the browser's clock then."""
        query = visit.query
        values = state(self._desk, _name(query.get("back")), query.get("browser"), query.get("zone"))
        return Page("_clock.html", {"clock_state": values})

    def set(self, visit: Visit) -> Answer:
        back = f"/{_name(visit.form.get('back'))}"
        unix_s = _unix(visit.form.get("browser"))
        if unix_s is None:
            unix_s = self._typed(visit.form.get("local"))
        if unix_s is None:
            return Redirect(back, Notice("failed", "clock.unreadable"))
        try:
            now = self._desk.peers.apply.call(SetClock(unix_s=unix_s, by=visit.admin)).unix_s
        except BrokerError as error:
            return Redirect(back, Notice("failed", error.key, error.params))
        told = moment(now, self._desk.settings.general.time_zone, visit.words.language)
        return Redirect(back, Notice("done", "clock.was_set", {"time": told}))

    def _typed(self, local: str) -> float | None:
        """A date and time of the device's own zone."""
        try:
            typed = dt.datetime.fromisoformat(local.strip())
        except ValueError:
            return None
        return _unix(str(typed.replace(tzinfo=clock.zone(self._desk.settings.general.time_zone)).timestamp()))

    def set_zone(self, visit: Visit) -> Answer:
        back, zone = f"/{_name(visit.form.get('back'))}", visit.form.get("zone")
        values = {"time_zone": Secret(zone)}
        applied = self._desk.change(SetSection(section="general", values=values, by=visit.admin))
        if applied.problems:
            problem = applied.problems[0]
            return Redirect(back, Notice("failed", problem.key, problem.params))
        return Redirect(back, Notice("done", "clock.zone_was_set", {"zone": zone}))


def _name(back: str) -> str:
    return back if back in ("start", "general") else "general"


def _unix(text: str) -> float | None:
    try:
        unix_s = float(text)
    except ValueError:
        return None
    return unix_s if _LEAST <= unix_s <= _MOST else None
