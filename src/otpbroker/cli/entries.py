"""`… add NAME KEY=VALUE…`, `… set NAME KEY=VALUE…`, `… remove NAME` of sections that are lists."""

import argparse

from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands, Run
from otpbroker.cli.session import Session
from otpbroker.cli.values import collected, pair
from otpbroker.verbs.apply import AddEntry, RemoveEntry, SetEntry


def add(arguments: argparse.Namespace, session: Session) -> int:
    return change(session, AddEntry(section=arguments.section, key=arguments.name, values=collected(arguments.values)))


def put(arguments: argparse.Namespace, session: Session) -> int:
    return change(session, SetEntry(section=arguments.section, key=arguments.name, values=collected(arguments.values)))


def _remove(arguments: argparse.Namespace, session: Session) -> int:
    return change(session, RemoveEntry(section=arguments.section, key=arguments.name))


def register(
    group: Commands, section: str, *, adding: Run = add, setting: Run = put, bare: bool = False
) -> argparse.ArgumentParser:
    """The three commands; the parser of `add`. `bare`: an entry may be added by its name alone."""
    adder, setter, remover = group.command("add", adding), group.command("set", setting), removal(group, section)
    for parser in (adder, setter, remover):
        parser.set_defaults(section=section)
    for parser in (adder, setter):
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("values", metavar="KEY=VALUE", type=pair, nargs="*" if bare and parser is adder else "+")
    return adder


def removal(group: Commands, section: str) -> argparse.ArgumentParser:
    """`remove` alone."""
    parser = group.command("remove", _remove)
    parser.add_argument("name", metavar="NAME")
    parser.set_defaults(section=section)
    return parser
