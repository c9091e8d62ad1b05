"""Values as they are typed on the command line, `KEY=VALUE`, and as they are shown there."""

import argparse
import datetime as dt
from collections.abc import Sequence

from otpbroker.cli.session import secret_line
from otpbroker.errors import BrokerError, ResponseCode
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


def collected_with_password(pairs: Sequence[tuple[str, Secret]]) -> dict[str, Secret]:
    """As `collected`. Raises 1105 for a password on the command line, where everybody may read it."""
    if any(key == "password" and value != Secret("-") for key, value in pairs):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.password_from_stdin")
    return collected(pairs)


def moment(unix_s: float | None) -> str:
    """Date and time of who reads it; empty for None."""
    return "" if unix_s is None else dt.datetime.fromtimestamp(unix_s).astimezone().strftime("%Y-%m-%d %H:%M:%S")
