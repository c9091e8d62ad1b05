"""What every command handler is: `value` is what follows the name: `""`, `?`, `=?` or `=…`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from otpbroker.simulator.results import Final

if TYPE_CHECKING:
    from otpbroker.simulator.modem import SimulatedModem

Handler = Callable[["SimulatedModem", str], "list[str] | Final"]


def fields(value: str) -> list[str]:
    """The comma-separated parameters of `=…`, quotes removed."""
    return [field.strip().strip('"') for field in value.removeprefix("=").split(",")]


def numbers(value: str) -> list[int]:
    """The parameters as integers; ValueError where one is not."""
    return [int(field) for field in fields(value) if field]


def fixed(*lines: str) -> Handler:
    """A command that always answers the same."""
    return lambda _modem, _value: list(lines)
