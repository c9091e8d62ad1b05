"""`otpb ddns …`."""

import argparse
import datetime as dt

from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.cli.values import collected, pair
from otpbroker.verbs.apply import AddEntry, GetSection, RemoveEntry, SetEntry
from otpbroker.verbs.ddns import DdnsStatus, RecordState, UpdateNow


def register(commands: Commands) -> None:
    group = commands.group("ddns")
    group.command("list", _list)
    for name, run in (("add", _add), ("set", _set)):
        parser = group.command(name, run)
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("values", metavar="KEY=VALUE", type=pair, nargs="+")
    group.command("remove", _remove).add_argument("name", metavar="NAME")
    group.command("update", _update).add_argument("name", metavar="NAME")
    group.command("status", _status)


def _list(_arguments: argparse.Namespace, session: Session) -> int:
    records = session.apply.call_or_do(GetSection(section="ddns")).document["ddns"]
    rows = [
        (
            each["name"],
            each["provider"],
            each["zone"],
            each["record_name"],
            each["type"],
            session.yes_no(each["active"]),
        )
        for each in records
    ]
    headers = ("name", "provider", "zone", "record", "kind", "active")
    session.show({"ddns": records}, lambda: session.table(headers, rows))
    return 0


def _add(arguments: argparse.Namespace, session: Session) -> int:
    return change(session, AddEntry(section="ddns", key=arguments.name, values=collected(arguments.values)))


def _set(arguments: argparse.Namespace, session: Session) -> int:
    return change(session, SetEntry(section="ddns", key=arguments.name, values=collected(arguments.values)))


def _remove(arguments: argparse.Namespace, session: Session) -> int:
    return change(session, RemoveEntry(section="ddns", key=arguments.name))


def _update(arguments: argparse.Namespace, session: Session) -> int:
    updated = session.ddns.call(UpdateNow(name=arguments.name))
    session.show(updated, lambda: print(session.sentence(updated.key, updated.params)) if updated.done else None)
    if not updated.done:
        session.warn(updated.key, updated.params)
    return 0 if updated.done else 1


def _status(_arguments: argparse.Namespace, session: Session) -> int:
    found = session.ddns.call(DdnsStatus())
    headers = ("name", "host", "kind", "state", "address", "since", "answer")
    session.show(found, lambda: session.table(headers, [_row(session, each) for each in found.records]))
    return 0


def _row(session: Session, record: RecordState) -> tuple[object, ...]:
    at = record.updated
    when = "" if at is None else dt.datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    answer = session.sentence(record.key, record.params) if record.key else ""
    return record.name, record.host, record.type, record.state, record.address, when, answer
