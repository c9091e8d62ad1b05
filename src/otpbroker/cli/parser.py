"""The command tree: every command takes `--root` and `--json` before and after its name, and `--help`."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from otpbroker.cli.session import Session, default_root
from otpbroker.texts import Language, translate

Run = Callable[[argparse.Namespace, Session], int]


class Commands:
    """A level of the tree; `register(commands)` of each command module fills it."""

    def __init__(self, parser: argparse.ArgumentParser, language: Language, path: str = "") -> None:
        self._language = language
        self._path = path
        self._parsers: Any = parser.add_subparsers(metavar="COMMAND", required=True)

    def group(self, name: str) -> "Commands":
        return Commands(self._parser(name), self._language, f"{self._path}{name}_")

    def command(self, name: str, run: Run) -> argparse.ArgumentParser:
        """A command; its help is the text `cli.help_…`."""
        parser = self._parser(name)
        parser.set_defaults(run=run)
        return parser

    def _parser(self, name: str) -> argparse.ArgumentParser:
        key = f"cli.help_{self._path}{name}".replace("-", "_")
        words = translate(key, {}, self._language)
        made: argparse.ArgumentParser = self._parsers.add_parser(
            name, help=words, description=words, parents=[_common(self._language, argparse.SUPPRESS, argparse.SUPPRESS)]
        )
        return made


def top(language: Language) -> argparse.ArgumentParser:
    words = translate("cli.help", {}, language)
    common = _common(language, Path(default_root()), default_json=False)
    return argparse.ArgumentParser(prog="otpb", description=words, parents=[common])


def _common(language: Language, default_root: object, default_json: object) -> argparse.ArgumentParser:
    """The options of every level; below the top they are set only where they are given."""
    common = argparse.ArgumentParser(add_help=False)
    root_help = translate("cli.help_root", {}, language)
    common.add_argument("--root", type=Path, metavar="DIR", default=default_root, help=root_help)
    json_help = translate("cli.help_json", {}, language)
    common.add_argument("--json", action="store_true", default=default_json, help=json_help)
    return common
