"""`otpb`: the command line. Exit status: 0 done, 1 refused or failed (the reason on standard error), 2 usage."""

import argparse
import os
import sys
from collections.abc import Sequence

from otpbroker.cli import (
    audit,
    backup,
    certificates,
    clock,
    ddns,
    device,
    email,
    feeders,
    fleet,
    internet,
    messages,
    modems,
    network,
    settings,
    setup,
    status,
    users,
    webhooks,
)
from otpbroker.cli.parser import Commands, top
from otpbroker.cli.session import Session, language_of
from otpbroker.errors import BrokerError
from otpbroker.system.files import Paths
from otpbroker.texts import Language


def main(argv: Sequence[str] | None = None) -> int:
    language = language_of(os.environ)
    parser = tree(language)
    given = sys.argv[1:] if argv is None else list(argv)
    if not all(map(_is_text, given)):
        parser.error("an argument is not UTF-8")
    arguments = parser.parse_args(given)
    session = Session(Paths(arguments.root.absolute()), arguments.json, language)
    try:
        return int(arguments.run(arguments, session))
    except BrokerError as error:
        session.warn(error.key, error.params)
    except KeyboardInterrupt:
        return 130  # as a shell counts an interrupt
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away: nothing to tell
    return 1


def tree(language: Language) -> argparse.ArgumentParser:
    """Every command, with its help in `language`."""
    parser = top(language)
    commands = Commands(parser, language)
    for module in (
        status,
        settings,
        modems,
        internet,
        users,
        messages,
        email,
        feeders,
        fleet,
        webhooks,
        ddns,
        network,
        backup,
        certificates,
        clock,
        audit,
        device,
        setup,
    ):
        module.register(commands)
    return parser


def _is_text(argument: str) -> bool:
    """Octets that are no UTF-8 arrive as lone surrogates (PEP 383)."""
    return not any("\ud800" <= char <= "\udfff" for char in argument)


if __name__ == "__main__":
    sys.exit(main())
