"""`otpb email …`: the accounts that send, and how they fare; passwords come from standard input only."""

import argparse
from typing import Any

import msgspec

from otpbroker.cli import entries
from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.cli.values import collected_with_password, moment
from otpbroker.config.sections.mail import PRESETS
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, GetSection, SetEntry
from otpbroker.verbs.mail import AccountFacts, MailFacts, MailStatus, TestAccount

DEADLINE_S = 60.0
_GRACE_S = 10.0


def register(commands: Commands) -> None:
    group = commands.group("email")
    group.command("list", _list)
    adding = entries.register(group, "email", adding=_add, setting=_set)
    adding.add_argument("--preset", choices=sorted(PRESETS), help="cli.option_email_preset")
    test = group.command("test", _test)
    test.add_argument("name", metavar="NAME")
    test.add_argument("recipient", metavar="RECIPIENT")
    group.command("status", _status)


def _list(_arguments: argparse.Namespace, session: Session) -> int:
    accounts = session.apply.call_or_do(GetSection(section="email")).document["email"]
    headers = ("name", "host", "port", "encryption", "sender", "quota_day", "active")
    rows = [
        (
            account["name"],
            account["host"],
            account["port"],
            "tls" if account["tls"] else "starttls" if account["starttls"] else "-",
            account["sender"],
            account["quota_day"] or "-",
            session.yes_no(account["active"]),
        )
        for account in accounts
    ]
    session.show({"email": accounts}, lambda: session.table(headers, rows))
    return 0


def _add(arguments: argparse.Namespace, session: Session) -> int:
    preset = {key: Secret(value) for key, value in PRESETS.get(arguments.preset or "", {}).items()}
    values = preset | collected_with_password(arguments.values)
    return change(session, AddEntry(section="email", key=arguments.name, values=values))


def _set(arguments: argparse.Namespace, session: Session) -> int:
    removed = ("password", Secret("none"))
    values = collected_with_password([each for each in arguments.values if each != removed])
    values |= [removed] * (removed in arguments.values)
    return change(session, SetEntry(section="email", key=arguments.name, values=values))


def _test(arguments: argparse.Namespace, session: Session) -> int:
    verb = TestAccount(account=arguments.name, recipient=arguments.recipient, deadline_s=DEADLINE_S)
    mailed = session.mail.call(verb, DEADLINE_S + _GRACE_S)
    sent = mailed.state == "submitted"
    session.show(mailed, lambda: session.say("cli.email_sent", account=mailed.account) if sent else None)
    if not sent:
        session.warn(mailed.key, mailed.params)
    return 0 if sent else 1


def _status(_arguments: argparse.Namespace, session: Session) -> int:
    facts = session.mail.call(MailStatus())
    session.show(explained(session, facts), lambda: _words(session, facts))
    return 0


def explained(session: Session, facts: MailFacts) -> dict[str, Any]:
    """The state with its last errors as sentences, for scripts that show it to people."""
    shown: dict[str, Any] = msgspec.to_builtins(facts)
    for account in [*shown["accounts"], *filter(None, [shown["direct"]])]:
        account["reason_text"] = session.sentence(account["key"], account["params"]) if account["key"] else ""
    return shown


def table(session: Session, facts: MailFacts) -> None:
    headers = ("name", "sender", "state", "sent_today", "in_flight", "sent", "failed", "time", "last_error")
    routes = [*facts.accounts, *filter(None, [facts.direct])]
    session.table(headers, [_row(session, account) for account in routes])


def _words(session: Session, facts: MailFacts) -> None:
    """The accounts; below them the relay, and what needs a hand."""
    table(session, facts)
    if facts.relay:
        session.say("cli.email_relay", address=facts.relay)
    for alarm in facts.alarms:
        session.say("cli.alarm", alarm=session.sentence(alarm.key, alarm.params))
    if facts.settings_error:
        session.say("cli.alarm", alarm=session.sentence(facts.settings_error))


def _row(session: Session, account: AccountFacts) -> tuple[object, ...]:
    quota = f"{account.sent_today}/{account.quota_day}" if account.quota_day else account.sent_today
    error = session.sentence(account.key, account.params) if account.key else ""
    counts = (account.in_flight, account.sent, account.failed)
    return (account.name, account.sender, account.state, quota, *counts, moment(account.last_error_at), error)
