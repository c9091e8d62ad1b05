import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.system_files import keyfile
from otpbroker.config.sections.general import GeneralSection
from otpbroker.network import restarts
from otpbroker.network.names import Unrenderable

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TIMES = st.builds(
    "{}{:02}:{:02}".format, st.sampled_from(("", *(f"{day} " for day in DAYS))), st.integers(0, 23), st.integers(0, 59)
)
ZONES = st.sampled_from(("Asia/Jakarta", "UTC", "America/Port-au-Prince", "Etc/GMT+7"))
UP_S = 86_400.0


def read(text):
    """The setting and the zone that a timer says."""
    groups = keyfile(text)
    assert groups.keys() == {"Unit", "Timer"}
    assert groups["Timer"].keys() == {"OnCalendar", "AccuracySec"}
    *day, every, time, zone = groups["Timer"]["OnCalendar"].split(" ")
    assert every == "*-*-*"
    return " ".join([*day, time.removesuffix(":00")]), zone


@given(TIMES, ZONES)
def test_a_timer_says_what_the_settings_say(at, zone):
    general = GeneralSection(restart_device=at, restart_services="", time_zone=zone)
    assert read(restarts.render(general, "device")) == (at, zone)
    assert restarts.render(general, "services") == ""


@given(TIMES.map(lambda at: f"{at}\n") | st.text(min_size=1, max_size=12), ZONES | st.text(max_size=10))
def test_what_is_none_never_becomes_one(at, zone):
    general = GeneralSection(restart_services=at, time_zone=zone)
    try:
        text = restarts.render(general, "services")
    except Unrenderable:
        return
    assert read(text) == (at, zone)


def due(at, now, up_s=UP_S):
    return restarts.is_due(at, dt.datetime.fromisoformat(now), up_s)


@pytest.mark.parametrize(
    ("at", "now", "is_due"),
    [
        ("03:30", "2026-11-27T03:30:00", True),
        ("03:30", "2026-11-27T03:30:01.5", True),
        ("03:30", "2026-11-27T03:40", True),
        ("03:30", "2026-11-27T03:41", False),
        ("03:30", "2026-11-27T03:29:59", False),
        ("23:55", "2026-11-28T00:01", True),
        ("Fri 03:30", "2026-11-27T03:31", True),
        ("Sat 03:30", "2026-11-27T03:31", False),
        ("Fri 23:55", "2026-11-28T00:01", True),
        ("Sat 23:55", "2026-11-28T00:01", False),
        ("", "2026-11-27T03:30", False),
    ],
)
def test_it_is_time_at_the_time_and_a_little_after(at, now, is_due):
    assert due(at, now) is is_due


@given(TIMES, st.datetimes(*map(dt.datetime.fromisoformat, ("2016-01-01", "2036-01-01"))))
def test_whatever_a_clock_jumps_to_what_has_just_started_goes_on(at, now):
    assert not restarts.is_due(at, now, restarts.SETTLED_S - 1)
