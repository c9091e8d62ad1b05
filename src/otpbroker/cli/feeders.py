"""`otpb feeder …`: how the doors to message brokers fare."""

import argparse
from typing import Any

import msgspec

from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.cli.values import moment
from otpbroker.verbs.dispatch import Status
from otpbroker.verbs.feeders import FeederState


def register(commands: Commands) -> None:
    commands.group("feeder").command("status", _status)


def _status(_arguments: argparse.Namespace, session: Session) -> int:
    feeders = session.dispatch.call(Status()).feeders
    session.show({"feeders": [explained(session, feeder) for feeder in feeders]}, lambda: words(session, feeders))
    return 0


def explained(session: Session, feeder: FeederState) -> dict[str, Any]:
    """The state with its reasons as sentences, for scripts that show it to people."""
    shown: dict[str, Any] = msgspec.to_builtins(feeder)
    shown["reason"] = session.sentence(feeder.key, feeder.params) if feeder.key else ""
    shown["last_error_reason"] = (
        session.sentence(feeder.last_error, feeder.last_error_params) if feeder.last_error else ""
    )
    return shown


def words(session: Session, feeders: list[FeederState]) -> None:
    """A table, and below it why a feeder stands still and what went wrong last."""
    headers = (
        "feeder",
        "state",
        "since",
        "server",
        "received",
        "answered",
        "in_hand",
        "held",
        "retried",
        "dead",
        "replies",
    )
    rows = [(f.feeder, f.state, moment(f.since), f.server or "-", f.received, _codes(f), *_numbers(f)) for f in feeders]
    session.table(headers, rows)
    for feeder in feeders:
        if feeder.key:
            session.say("cli.feeder_reason", feeder=feeder.feeder, reason=session.sentence(feeder.key, feeder.params))
        if feeder.last_error and feeder.last_error != feeder.key:
            session.say(
                "cli.feeder_last_error",
                feeder=feeder.feeder,
                when=moment(feeder.last_error_at),
                reason=session.sentence(feeder.last_error, feeder.last_error_params),
            )


def _numbers(feeder: FeederState) -> tuple[int, ...]:
    return feeder.in_hand, feeder.held, feeder.retried, feeder.dead, feeder.replies


def _codes(feeder: FeederState) -> str:
    return " ".join(f"{code}:{count}" for code, count in sorted(feeder.answered.items())) or "-"
