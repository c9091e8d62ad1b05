"""`otpb clock` and `otpb clock set`: the device's time, and where it comes from."""

import argparse
import datetime as dt

from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system import clock, timekeeping
from otpbroker.verbs.apply import SetClock


def register(commands: Commands) -> None:
    group = commands.group("clock")
    group.command("show", _show)
    group.command("set", _set).add_argument("time", metavar="TIME")


def _show(_arguments: argparse.Namespace, session: Session) -> int:
    kept, now = timekeeping.read(session.paths.root), clock.wall_s()
    found = {"unix_s": now, "synchronised": kept.synchronised, "last": kept.last, "rtc": kept.rtc, "rtc_s": kept.rtc_s}

    def words() -> None:
        session.say("cli.clock_is", time=_written(session, now), synchronised=session.yes_no(kept.synchronised))
        if kept.rtc_s is not None:
            session.say("cli.clock_rtc", name=kept.rtc, time=_written(session, kept.rtc_s))

    session.show(found, words)
    return 0


def _set(arguments: argparse.Namespace, session: Session) -> int:
    done = session.apply.call(SetClock(unix_s=_unix(session, arguments.time)))
    session.show(done, lambda: session.say("cli.clock_was_set", time=_written(session, done.unix_s)))
    return 0


def _zone(session: Session) -> dt.tzinfo:
    return clock.zone(Store(session.paths).present(GeneralSection)[0].time_zone)


def _written(session: Session, unix_s: float) -> str:
    return dt.datetime.fromtimestamp(unix_s, _zone(session)).isoformat(" ", "seconds")


def _unix(session: Session, text: str) -> float:
    """Unix seconds, or a date and time, of the device's zone where it names none."""
    if text.isdecimal() and len(text) <= 10:
        return float(text)
    try:
        typed = dt.datetime.fromisoformat(text)
        return (typed if typed.tzinfo else typed.replace(tzinfo=_zone(session))).timestamp()
    except (ValueError, OverflowError):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.no_time", given=text[:40]) from None
