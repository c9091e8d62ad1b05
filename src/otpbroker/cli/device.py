"""`otpb confirm`, `otpb take-back`, `otpb restart`, `otpb reset`: what concerns the device as a whole."""

import argparse

from otpbroker.cli.changes import warn_of_silence
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.verbs.apply import Confirm, FactoryReset, Restart, TakeBack, WasReset


def register(commands: Commands) -> None:
    commands.command("confirm", _confirm).add_argument("token", metavar="TOKEN")
    commands.command("take-back", _take_back).add_argument("token", metavar="TOKEN")
    commands.command("restart", _restart).add_argument("what", choices=("services", "device"))
    reset = commands.command("reset", _reset)
    reset.add_argument("--yes", action="store_true", help="cli.option_reset_yes")


def _confirm(arguments: argparse.Namespace, session: Session) -> int:
    done = session.apply.call(Confirm(token=arguments.token))
    session.show(done, lambda: session.say("cli.confirmed", sections=", ".join(done.sections)))
    return 0


def _take_back(arguments: argparse.Namespace, session: Session) -> int:
    done = session.apply.call(TakeBack(token=arguments.token))
    session.show(done, lambda: session.say("cli.taken_back", sections=", ".join(done.sections)))
    return 0


def _restart(arguments: argparse.Namespace, session: Session) -> int:
    done = session.apply.call(Restart(what=arguments.what))
    session.show(done, lambda: session.say(f"cli.restarting_{done.what}"))
    return 0


def _reset(arguments: argparse.Namespace, session: Session) -> int:
    """Without `--yes` it only tells what it would do, as wrong usage."""
    done = session.apply.call_or_do(FactoryReset(check_only=not arguments.yes))
    session.show(done, lambda: _words_of_reset(session, done))
    if not done.changed:
        session.warn("cli.reset_needs_yes")
        return 2
    return 0 if warn_of_silence(session, done.services) else 1


def _words_of_reset(session: Session, done: WasReset) -> None:
    when = "done" if done.changed else "would"
    sections = ", ".join(name for name in done.sections if name != "admins") or "-"
    session.say(f"cli.reset_{when}", sections=sections, administrators=done.administrators)
    if done.changed and done.ssid:
        session.say("cli.reset_join", ssid=done.ssid, addresses=" ".join(done.addresses))
