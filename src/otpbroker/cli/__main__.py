"""`otpb`: the command line. Exit status: 0 done, 1 refused or failed (the reason on standard error), 2 usage."""

import os
import sys
from collections.abc import Sequence

from otpbroker.cli import messages, modems, settings, status, users
from otpbroker.cli.parser import Commands, top
from otpbroker.cli.session import Session, language_of
from otpbroker.errors import BrokerError
from otpbroker.system.files import Paths


def main(argv: Sequence[str] | None = None) -> int:
    language = language_of(os.environ)
    parser = top(language)
    commands = Commands(parser, language)
    for module in (status, settings, modems, users, messages):
        module.register(commands)
    arguments = parser.parse_args(argv)
    session = Session(Paths(arguments.root.absolute()), arguments.json, language)
    try:
        return int(arguments.run(arguments, session))
    except BrokerError as error:
        session.warn(error.key, error.params)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away: nothing to tell
    return 1


if __name__ == "__main__":
    sys.exit(main())
