"""`otpb settings …`"""

import argparse
from pathlib import Path
from typing import Any

import msgspec

from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session, whole_input
from otpbroker.cli.values import collected, pair
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import GetSection, ImportSection, ListSections, SectionSchema, SetSection
from otpbroker.verbs.dispatch import BlockedList


def register(commands: Commands) -> None:
    group = commands.group("settings")
    group.command("list", _list)
    group.command("get", _get).add_argument("section", metavar="SECTION")
    setter = group.command("set", _set)
    setter.add_argument("section", metavar="SECTION")
    setter.add_argument("values", metavar="KEY=VALUE", type=pair, nargs="+")
    importer = group.command("import", _import)
    importer.add_argument("section", metavar="SECTION")
    importer.add_argument("file", metavar="FILE")
    group.command("schema", _schema).add_argument("section", metavar="SECTION")


def _list(_arguments: argparse.Namespace, session: Session) -> int:
    summaries = session.apply.call_or_do(ListSections())
    rows = [
        (summary.name, session.yes_no(summary.factory), summary.entries, ", ".join(summary.services))
        for summary in summaries.sections
    ]
    session.show(summaries, lambda: session.table(("section", "factory", "entries", "services"), rows))
    return 0


def _get(arguments: argparse.Namespace, session: Session) -> int:
    if arguments.section == "block_list":  # a state that doors change, so dispatch keeps it itself
        document: dict[str, Any] = msgspec.to_builtins(session.dispatch.call(BlockedList()))
    else:
        document = session.apply.call_or_do(GetSection(section=arguments.section)).document
    session.show(document, lambda: _print(document, ""))
    return 0


def _print(document: dict[str, Any], path: str) -> None:
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for entry in value:
                _print(
                    entry, f"{entry.get('id') or entry.get('username') or entry.get('msisdn') or entry.get('name')}."
                )
        else:
            print(f"{path}{key}={_plain(value)}")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _set(arguments: argparse.Namespace, session: Session) -> int:
    return change(session, SetSection(section=arguments.section, values=collected(arguments.values)))


def _import(arguments: argparse.Namespace, session: Session) -> int:
    try:
        text = whole_input() if arguments.file == "-" else Path(arguments.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise BrokerError(ResponseCode.FAILED, "cli.no_file", file=arguments.file, reason=reason or "") from None
    return change(session, ImportSection(section=arguments.section, document=Secret(text)))


def _schema(arguments: argparse.Namespace, session: Session) -> int:
    document = session.apply.call_or_do(SectionSchema(section=arguments.section)).document
    print(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    return 0
