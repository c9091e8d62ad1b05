"""`otpb webhook …`."""

import argparse
import sys

from otpbroker.cli import entries
from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.cli.values import collected, moment
from otpbroker.notifier import signing
from otpbroker.verbs.apply import AddEntry, GetSection
from otpbroker.verbs.notifier import EndpointState, NotifierStatus, TryWebhook


def register(commands: Commands) -> None:
    group = commands.group("webhook")
    group.command("list", _list)
    entries.register(group, "webhooks", adding=_add)
    group.command("test", _test).add_argument("name", metavar="NAME")
    group.command("status", _status)


def _list(_arguments: argparse.Namespace, session: Session) -> int:
    hooks = session.apply.call_or_do(GetSection(section="webhooks")).document["webhooks"]
    rows = [(hook["name"], hook["url"], hook["secret"], session.yes_no(hook["active"])) for hook in hooks]
    session.show({"webhooks": hooks}, lambda: session.table(("name", "address", "secret", "active"), rows))
    return 0


def _add(arguments: argparse.Namespace, session: Session) -> int:
    """A secret that is made here is shown this once: on standard error where the output is JSON."""
    values = collected(arguments.values)
    made = "secret" not in values
    if made:
        values["secret"] = signing.generate()
    status = change(session, AddEntry(section="webhooks", key=arguments.name, values=values))
    if status == 0 and made:
        words = session.sentence("cli.webhook_secret", {"secret": values["secret"].reveal()})
        print(words, file=sys.stderr if session.as_json else sys.stdout)
    return status


def _test(arguments: argparse.Namespace, session: Session) -> int:
    tried = session.notifier.call(TryWebhook(name=arguments.name))
    if tried.key:
        session.show(tried, lambda: None)
        session.warn(tried.key, tried.params)
        return 1
    session.show(tried, lambda: session.say("cli.webhook_answered", status=tried.status, latency_ms=tried.latency_ms))
    return 0


def _status(_arguments: argparse.Namespace, session: Session) -> int:
    found = session.notifier.call(NotifierStatus())
    headers = ("name", "kind", "state", "waiting", "delivered", "failed", "dropped", "time", "last_error")
    session.show(found, lambda: session.table(headers, [_row(session, endpoint) for endpoint in found.endpoints]))
    if found.missed:
        session.warn("cli.missed", {"count": found.missed})
    return 0


def _row(session: Session, endpoint: EndpointState) -> tuple[object, ...]:
    counts = (endpoint.waiting, endpoint.delivered, endpoint.failed, endpoint.dropped)
    error = session.sentence(endpoint.last_error, endpoint.last_error_params) if endpoint.last_error else ""
    return (endpoint.name, endpoint.kind, endpoint.state, *counts, moment(endpoint.last_error_at), error)
