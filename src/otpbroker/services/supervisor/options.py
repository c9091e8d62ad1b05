"""The options of `scripts/run` (SPEC §10)."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from otpbroker.secrets import Secret

DEFAULT_SIMULATED = 2
_DESCRIPTION = """Run the whole system in the foreground until Ctrl-C or SIGTERM.

The options but --root only seed a fresh DIR; a DIR that has settings keeps them. When everything listens and each
modem has settled, one line `ready admin=… api=…` is printed, and an example request.
"""


@dataclass(frozen=True, slots=True)
class Options:
    root: Path
    simulate: int
    modems: tuple[Path, ...]
    api_port: int
    admin_port: int | None
    api_user: tuple[str, Secret] | None


def parse(argv: Sequence[str] | None) -> Options:
    """The options; exits with status 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="scripts/run", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--root", type=Path, default=Path("var"), metavar="DIR", help="root prefix (default: ./var)")
    modems = parser.add_mutually_exclusive_group()
    modems.add_argument("--simulate", type=_count, metavar="N", help="attach N simulated modems sim0… (default: 2)")
    modems.add_argument(
        "--modem",
        type=Path,
        action="append",
        metavar="PORT",
        help="a real port or pty instead; may be repeated: m0, m1…",
    )
    parser.add_argument("--api-port", type=_port, default=8889, metavar="P", help="REST API port (default: 8889)")
    parser.add_argument(
        "--admin-port", type=_port, metavar="P", help="port of the panel (default: 8888, another where that is taken)"
    )
    parser.add_argument("--api-user", type=_user, metavar="NAME:PASSWORD", help="API user (default: one is generated)")
    parser.add_argument("--no-install", action="store_true", help="never install what is missing")
    given = parser.parse_args(argv)
    ports = tuple(port.absolute() for port in given.modem or ())
    count = given.simulate if given.simulate is not None else DEFAULT_SIMULATED
    return Options(
        given.root.absolute(), 0 if ports else count, ports, given.api_port, given.admin_port, given.api_user
    )


def main() -> None:
    """Only check the options, or show the help: needs nothing but Python."""
    parse(None)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) > 256:
        raise argparse.ArgumentTypeError(f"{text} is no number from 0 to 256")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port from 1 to 65535")
    return int(text)


def _user(text: str) -> tuple[str, Secret]:
    name, colon, password = text.partition(":")
    if not (name and colon and password):
        raise argparse.ArgumentTypeError("it must be NAME:PASSWORD")
    return name, Secret(password)


if __name__ == "__main__":
    main()
