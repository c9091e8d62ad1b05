"""`otpb backup` and `otpb restore`; the passphrase comes from standard input only."""

import argparse
from pathlib import Path

from otpbroker.cli.changes import warn_of
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session, secret_line
from otpbroker.clients import backup
from otpbroker.clients.backup import ListChange, Outcome
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.files import write_atomic
from otpbroker.verbs.backup import MAX_FILE_OCTETS, Restore, SectionChange

_MODE = 0o600


def register(commands: Commands) -> None:
    commands.command("backup", _backup).add_argument("file", metavar="FILE", type=Path)
    restore = commands.command("restore", _restore)
    restore.add_argument("file", metavar="FILE", type=Path)
    restore.add_argument("--administrators", action="store_true", help="cli.option_restore_admins")
    restore.add_argument("--check", action="store_true", help="cli.option_restore_check")


def _backup(arguments: argparse.Namespace, session: Session) -> int:
    text = backup.backup(session.apply, session.dispatch, secret_line())
    try:
        write_atomic(arguments.file.absolute(), text.encode(), _MODE)
    except OSError as error:
        raise _no_file(arguments.file, error) from None
    session.show({"file": str(arguments.file)}, lambda: session.say("cli.backup_written", file=str(arguments.file)))
    return 0


def _restore(arguments: argparse.Namespace, session: Session) -> int:
    keep = not arguments.administrators
    text = _read(arguments.file)
    verb = Restore(file=text, passphrase=secret_line(), keep_admins=keep, check_only=arguments.check)
    outcome = backup.restore(session.apply, session.dispatch, verb)
    told = outcome.restored
    session.show(told, lambda: _words(session, outcome))
    all_heard = warn_of(session, told)
    return 0 if all_heard and not told.problems else 1


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_FILE_OCTETS + 1).decode(errors="replace")
    except OSError as error:
        raise _no_file(file, error) from None


def _no_file(file: Path, error: OSError) -> BrokerError:
    return BrokerError(ResponseCode.FAILED, "cli.no_file", file=str(file), reason=error.strerror or "")


def _words(session: Session, outcome: Outcome) -> None:
    told = outcome.restored
    if told.problems:
        return
    session.say("cli.backup_of", device=told.device)
    for change in told.sections:
        session.say("cli.backup_changes", section=change.section, changes=_changes(session, change))
    if outcome.block_list != ListChange():
        session.say("cli.backup_numbers", **outcome.block_list._asdict())
    if not told.sections and outcome.block_list == ListChange():
        session.say("cli.backup_nothing")
    if told.changed:
        session.say("cli.backup_restored")


def _changes(session: Session, change: SectionChange) -> str:
    entries = [
        *(session.sentence("cli.backup_entry_added", {"name": name}) for name in change.added),
        *(
            session.sentence("cli.backup_entry_changed", {"name": entry.name, "fields": ", ".join(entry.fields)})
            for entry in change.changed
        ),
        *(session.sentence("cli.backup_entry_removed", {"name": name}) for name in change.removed),
    ]
    return ", ".join([*change.fields, *entries])
