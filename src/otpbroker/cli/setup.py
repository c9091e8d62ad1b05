"""`otpb setup`: the machine's network taken over or given back; needs no service, so it works on an image too."""

import argparse
import os
from pathlib import Path

from otpbroker.apply.takeover import Step, Takeover
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.errors import BrokerError, ResponseCode


def register(commands: Commands) -> None:
    setup = commands.command("setup", _setup)
    which = setup.add_mutually_exclusive_group(required=True)
    which.add_argument("--take-over-network", action="store_true", help="cli.option_take_over")
    which.add_argument("--give-back-network", action="store_true", help="cli.option_give_back")


def _setup(arguments: argparse.Namespace, session: Session) -> int:
    here = session.paths.root == Path("/")
    if here and os.geteuid() != 0:
        raise BrokerError(ResponseCode.UNAUTHORIZED, "setup.root_only")
    takeover = Takeover(session.paths, live=here and Path("/run/systemd/system").is_dir())
    done: list[Step] = []
    try:
        done.extend(takeover.take() if arguments.take_over_network else takeover.give_back())
    finally:  # told at the end, so that a reader who goes away stops nothing half-way
        _tell(session, done)
    return 0


def _tell(session: Session, done: list[Step]) -> None:
    taken = session.paths.network_taken.exists()
    steps = [session.sentence(step.key, step.params) for step in done]
    if taken and done:
        steps.append(session.sentence("setup.undo"))
    session.show({"taken_over": taken, "steps": steps}, lambda: print(*steps, sep="\n") if steps else None)
