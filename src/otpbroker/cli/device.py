"""`otpb confirm`, `otpb take-back`, `otpb restart`: what concerns the device as a whole."""

import argparse

from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.verbs.apply import Confirm, Restart, TakeBack


def register(commands: Commands) -> None:
    commands.command("confirm", _confirm).add_argument("token", metavar="TOKEN")
    commands.command("take-back", _take_back).add_argument("token", metavar="TOKEN")
    commands.command("restart", _restart).add_argument("what", choices=("services", "device"))


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
