"""`otpb certificate …`: the key store. A passphrase comes from standard input only."""

import argparse
import datetime as dt
from pathlib import Path

from otpbroker.cli import acme, entries
from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session, secret_line
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import SetEntry
from otpbroker.verbs.keystore import CertificateFacts, ImportCertificate, ListCertificates, MakeCertificate, file_of

MAX_OCTETS = 512 * 1024


def register(commands: Commands) -> None:
    group = commands.group("certificate")
    group.command("list", _list)
    importing = group.command("import", _import)
    importing.add_argument("name", metavar="NAME")
    importing.add_argument("files", metavar="FILE", type=Path, nargs="+")
    importing.add_argument("--passphrase", action="store_true", help="cli.option_certificate_passphrase")
    making = group.command("make", _make)
    making.add_argument("name", metavar="NAME")
    making.add_argument("names", metavar="HOST", nargs="*")
    for parser in (importing, making):
        parser.add_argument("--activate", action="store_true", help="cli.option_certificate_activate")
    for name, active in (("activate", "true"), ("deactivate", "false")):
        parser = group.command(name, _switch)
        parser.add_argument("name", metavar="NAME")
        parser.set_defaults(active=active)
    entries.removal(group, "keystore")
    acme.register(group)


def _list(_arguments: argparse.Namespace, session: Session) -> int:
    held = session.apply.call_or_do(ListCertificates())
    headers = ("name", "active", "names", "issuer", "until", "fingerprint")

    def words() -> None:
        session.table(headers, [_row(session, one) for one in held.certificates])
        if held.shown is None:
            session.say("cli.certificate_none_shown")
        else:
            until = _day(held.shown.last)
            session.say("cli.certificate_shown", name=held.shown.name or held.shown.subject, until=until)

    session.show(held, words)
    return 0


def _row(session: Session, one: CertificateFacts) -> tuple[object, ...]:
    names = ", ".join(one.names) or one.subject
    return (one.name, session.yes_no(one.active), names, one.issuer, _day(one.last), one.fingerprint[:23])


def _day(unix_s: float) -> str:
    return dt.datetime.fromtimestamp(unix_s, dt.UTC).date().isoformat()


def _import(arguments: argparse.Namespace, session: Session) -> int:
    files = [file_of(_read(file)) for file in arguments.files]
    passphrase = secret_line() if arguments.passphrase else Secret()
    activate = arguments.activate
    return change(
        session, ImportCertificate(name=arguments.name, files=files, passphrase=passphrase, activate=activate)
    )


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_OCTETS)
    except OSError as error:
        reason = error.strerror or ""
        raise BrokerError(ResponseCode.FAILED, "cli.no_file", file=str(file), reason=reason) from None


def _make(arguments: argparse.Namespace, session: Session) -> int:
    return change(
        session, MakeCertificate(name=arguments.name, names=tuple(arguments.names), activate=arguments.activate)
    )


def _switch(arguments: argparse.Namespace, session: Session) -> int:
    values = {"active": Secret(arguments.active)}
    return change(session, SetEntry(section="keystore", key=arguments.name, values=values))
