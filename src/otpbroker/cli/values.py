"""`KEY=VALUE` on the command line."""

import argparse
from collections.abc import Sequence

from otpbroker.cli.session import secret_line
from otpbroker.secrets import Secret


def pair(text: str) -> tuple[str, Secret]:
    """Argparse type of `KEY=VALUE`; the value `-` is one line of standard input, for what nobody else may read."""
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text} is not KEY=VALUE")
    return key, Secret(value)


def collected(pairs: Sequence[tuple[str, Secret]]) -> dict[str, Secret]:
    """The pairs as a mapping, with standard input read where a value is `-`."""
    return {key: secret_line() if value == Secret("-") else value for key, value in pairs}
