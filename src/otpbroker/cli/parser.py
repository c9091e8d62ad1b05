"""The command tree: every command takes `--root` and `--json` before and after its name, and `--help`."""

import argparse
from collections.abc import Callable
from functools import partial
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
        common = _common(self._language, argparse.SUPPRESS, argparse.SUPPRESS)
        made: argparse.ArgumentParser = self._parsers.add_parser(
            name, help=words, description=words, **_in(self._language), parents=[common]
        )
        return _titled(made, self._language)


def top(language: Language) -> argparse.ArgumentParser:
    words = translate("cli.help", {}, language)
    common = _common(language, Path(default_root()), default_json=False)
    made = argparse.ArgumentParser(prog="otpb", description=words, parents=[common], **_in(language))
    return _titled(made, language)


def _common(language: Language, default_root: object, default_json: object) -> argparse.ArgumentParser:
    """The options of every level; below the top they are set only where they are given."""
    common = argparse.ArgumentParser(**_in(language))
    common.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help="cli.option_help")
    common.add_argument("--root", type=Path, metavar="DIR", default=default_root, help="cli.help_root")
    common.add_argument("--json", action="store_true", default=default_json, help="cli.help_json")
    return common


class _Help(argparse.HelpFormatter):
    """An option's `help` is a text key; its sentence may name the `{default}`."""

    def __init__(self, prog: str, language: Language) -> None:
        super().__init__(prog)
        self._language = language

    def _expand_help(self, action: argparse.Action) -> str:
        if not (action.help or "").startswith("cli."):
            return super()._expand_help(action)
        default = f"{action.default:g}" if isinstance(action.default, float) else str(action.default)
        return translate(action.help or "", {"default": default}, self._language)

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        words = translate("cli.title_usage", {}, self._language) if prefix is None else prefix
        super().add_usage(usage, actions, groups, words)


def _in(language: Language) -> dict[str, Any]:
    """What makes a parser speak `language`."""
    return {"formatter_class": partial(_Help, language=language), "add_help": False}


def _titled(parser: argparse.ArgumentParser, language: Language) -> argparse.ArgumentParser:
    """Only now: a parser joins its parent's groups by their titles."""
    parser._positionals.title = translate("cli.title_arguments", {}, language)  # noqa: SLF001 - argparse asks nobody
    parser._optionals.title = translate("cli.title_options", {}, language)  # noqa: SLF001 - as above
    return parser
