"""The command line of a service, as units and the supervisor write it.

*Instead of* argparse, which takes half a megabyte of each process; what people type (`otpb`, `scripts/run`) has it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import Struct

from otpbroker.readable import readable
from otpbroker.system.files import Paths


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Each field is an option. `root` is the prefix of settings, run and state folders: `/` on the device."""

    root: Path = Path("/")

    @property
    def paths(self) -> Paths:
        return Paths(self.root)


Given = TypeVar("Given", bound=Options)


def read(kind: type[Given], argv: Sequence[str] | None = None) -> Given:
    """From `--name VALUE` or `--name=VALUE`, and `--name` alone for a bool. Ends the process with status 2, and a line
    on standard error, where it is something else.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    words = iter(sys.argv[1:] if argv is None else argv)
    given: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in fields:
            _refuse(f"unknown: {word}", list(fields))
        if fields[name].type is bool and not equals:
            given[name] = True
        else:
            given[name] = value if equals else next(words, None)
    try:
        return msgspec.convert(given, readable(kind), strict=False, dec_hook=lambda wanted, value: wanted(value))
    except (msgspec.ValidationError, TypeError) as error:
        _refuse(str(error), list(fields))


def _refuse(reason: str, names: Sequence[str]) -> NoReturn:
    sys.stderr.write(f"{reason}; options: {' '.join(f'--{name}' for name in names)}\n")
    raise SystemExit(2)
