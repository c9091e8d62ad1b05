"""`otpb audit`: who did what."""

import argparse

import msgspec

from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.cli.values import moment
from otpbroker.verbs.audit import (
    MAX_ENTRIES,
    NETWORK,
    NOBODY,
    SCHEDULE,
    STICK,
    AuditEntries,
    AuditEntry,
    AuditTrail,
    Changed,
)


def register(commands: Commands) -> None:
    audit = commands.command("audit", _audit)
    audit.add_argument("--limit", metavar="N", type=int, default=50, help="cli.option_audit_limit")
    audit.add_argument("--by", metavar="NAME", help="cli.option_audit_by")


def _audit(arguments: argparse.Namespace, session: Session) -> int:
    found = _found(session, arguments.by, arguments.limit)
    rows = [(moment(entry.at), _who(session, entry), _what(session, entry)) for entry in found.entries]
    session.show(found, lambda: session.table(("time", "who", "what"), rows))
    if found.lost:
        session.warn("cli.audit_lost", {"count": found.lost})
    return 0


def _found(session: Session, by: str | None, limit: int) -> AuditEntries:
    """The newest `limit`, however many answers they take."""
    found = AuditEntries(entries=[], older=True)
    while found.older and len(found.entries) < limit:
        before = found.entries[-1].number if found.entries else 0
        verb = AuditTrail(before=before, limit=min(MAX_ENTRIES, limit - len(found.entries)), by=by)
        told = session.apply.call_or_do(verb)
        found = msgspec.structs.replace(told, entries=found.entries + told.entries)
    return found


def _who(session: Session, entry: AuditEntry) -> str:
    if entry.uid is not None:
        return f"otpb ({entry.uid})"
    known = {STICK: "cli.audit_stick", SCHEDULE: "cli.audit_schedule", NETWORK: "cli.audit_network"}
    if entry.by in known:
        return session.sentence(known[entry.by])
    return "-" if entry.by == NOBODY else entry.by


def _what(session: Session, entry: AuditEntry) -> str:
    named = {**entry.params, "subject": entry.subject, "section": entry.section}
    details = [
        *(f"+{key}" for key in entry.added),
        *(f"-{key}" for key in entry.removed),
        *(_change(session, each, alone=bool(entry.subject)) for each in entry.changes),
    ]
    sentence = session.sentence(entry.action, named)
    return f"{sentence}: {'; '.join(details)}" if details else sentence


def _change(session: Session, each: Changed, *, alone: bool) -> str:
    name = each.field if alone or not each.entry else f"{each.entry}.{each.field}"
    if each.secret:
        return f"{name} ({session.sentence('cli.audit_secret')})"
    return f"{name} {each.old or '-'} → {each.new or '-'}"
