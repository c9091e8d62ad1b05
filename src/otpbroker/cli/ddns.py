"""`otpb ddns …`."""

import argparse

import msgspec

from otpbroker.cli import entries
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.cli.values import moment
from otpbroker.verbs.apply import GetSection
from otpbroker.verbs.ddns import DdnsStatus, RecordState, UpdateNow


def register(commands: Commands) -> None:
    group = commands.group("ddns")
    group.command("list", _list)
    entries.register(group, "ddns")
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


def _update(arguments: argparse.Namespace, session: Session) -> int:
    updated = session.ddns.call(UpdateNow(name=arguments.name))
    session.show(updated, lambda: print(session.sentence(updated.key, updated.params)) if updated.done else None)
    if not updated.done:
        session.warn(updated.key, updated.params)
    return 0 if updated.done else 1


def _status(_arguments: argparse.Namespace, session: Session) -> int:
    found = session.ddns.call(DdnsStatus())
    told = [{**msgspec.to_builtins(each), "answer": _answer(session, each)} for each in found.records]
    document = {"records": told, "alarms": found.alarms}
    headers = ("name", "host", "kind", "state", "address", "since", "answer")
    session.show(document, lambda: session.table(headers, [_row(session, each) for each in found.records]))
    return 0


def _row(session: Session, record: RecordState) -> tuple[object, ...]:
    told = moment(record.updated), _answer(session, record)
    return record.name, record.host, record.type, record.state, record.address, *told


def _answer(session: Session, record: RecordState) -> str:
    return session.sentence(record.key, record.params) if record.key else ""
