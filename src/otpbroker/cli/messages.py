"""`otpb send`, `messages`, `route`, `block`, `unblock`, `blocked`."""

import argparse

from otpbroker import msisdn
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session, whole_input
from otpbroker.cli.values import moment
from otpbroker.ipc.wire import Verb
from otpbroker.secrets import MessageText
from otpbroker.verbs.dispatch import (
    MOST_MESSAGES,
    Block,
    BlockedList,
    DeleteBlocked,
    Done,
    LedgerRow,
    LedgerRows,
    Messages,
    Route,
    RouteExplanation,
    Send,
    Sent,
    Unblock,
)

DEADLINE_S = 60.0
MOST_SHOWN = 10000
_GOOD = frozenset({"queued", "sending", "submitted", "delivered"})


def register(commands: Commands) -> None:
    send = commands.command("send", _send)
    send.add_argument("number", metavar="NUMBER")
    send.add_argument("--modem", metavar="MODEM", default="", help="cli.option_send_modem")
    send.add_argument("--short-code", action="store_true", help="cli.option_send_short_code")
    send.add_argument("--deadline", metavar="SECONDS", type=float, default=DEADLINE_S, help="cli.option_send_deadline")
    messages = commands.command("messages", _messages)
    messages.add_argument("--limit", metavar="N", type=int, default=100, help="cli.option_messages_limit")
    messages.add_argument("--state", metavar="STATE", default="", help="cli.option_messages_state")
    commands.command("route", _route).add_argument("number", metavar="NUMBER")
    commands.command("block", _block).add_argument("number", metavar="NUMBER")
    commands.command("unblock", _unblock).add_argument("number", metavar="NUMBER")
    commands.command("blocked", _blocked).add_argument("--delete", metavar="NUMBER", help="cli.option_blocked_delete")


def _send(arguments: argparse.Namespace, session: Session) -> int:
    modem = session.modem(arguments.modem).id if arguments.modem else ""
    text = MessageText(whole_input().removesuffix("\n"))
    verb = Send(door="cli", msisdn=arguments.number, text=text, modem=modem, short_code=arguments.short_code)
    sent = session.dispatch.send(verb, arguments.deadline)
    good = sent.state in _GOOD
    session.show(sent, lambda: _tell(session, sent) if good else None)
    if not good:
        session.warn(sent.key or f"code.{sent.code.value}", sent.params)
    return 0 if good else 1


def _tell(session: Session, sent: Sent) -> None:
    session.say("cli.sent", state=sent.state, modem=sent.modem or "-", parts=sent.parts, message_id=sent.message_id)


def _messages(arguments: argparse.Namespace, session: Session) -> int:
    found = LedgerRows(messages=_newest(session, max(1, min(MOST_SHOWN, arguments.limit)), arguments.state))
    headers = ("time", "number", "state", "modem", "parts", "door", "user", "latency", "cost", "reason")
    session.show(found, lambda: session.table(headers, [_row(session, row) for row in found.messages]))
    return 0


def _newest(session: Session, limit: int, state: str) -> list[LedgerRow]:
    found: list[LedgerRow] = []
    before = ""
    while True:
        page = session.dispatch.call(Messages(limit=min(MOST_MESSAGES, limit - len(found)), state=state, before=before))
        found += page.messages
        before = page.older
        if not before or len(found) == limit:
            return found


def _row(session: Session, row: LedgerRow) -> tuple[object, ...]:
    latency = "" if row.latency_ms is None else f"{row.latency_ms} ms"
    reason = session.sentence(row.reason) if row.reason else ""
    when = moment(row.accepted_at)
    state = f"{row.state} *" if row.resent else row.state
    return (when, row.msisdn_masked, state, row.modem, row.parts, row.door, row.user, latency, row.cost, reason)


def _route(arguments: argparse.Namespace, session: Session) -> int:
    route = session.dispatch.call(Route(msisdn=arguments.number))
    session.show(route, lambda: _explain(session, route))
    if route.refusal:
        session.warn(route.refusal, route.refusal_params)
    return 1 if route.refusal or not route.modem else 0


def _explain(session: Session, route: RouteExplanation) -> None:
    session.say("cli.route", number=route.msisdn_masked, modem=route.modem or "-", routing=route.routing)
    if route.key:
        print(session.sentence(route.key, route.params))
    rows = [
        (
            "→" if step.chosen else "",
            step.modem,
            step.name,
            session.yes_no(step.eligible),
            step.price,
            session.sentence(step.key, step.params) if step.key else "",
        )
        for step in route.steps
    ]
    session.table(("chosen", "modem", "name", "eligible", "price", "reason"), rows)


def _done(session: Session, verb: Verb[Done], key: str) -> int:
    done = session.dispatch.call(verb)
    session.show(done, lambda: session.say(key, number=msisdn.mask(done.msisdn)))
    return 0


def _block(arguments: argparse.Namespace, session: Session) -> int:
    return _done(session, Block(msisdn=arguments.number), "cli.blocked")


def _unblock(arguments: argparse.Namespace, session: Session) -> int:
    return _done(session, Unblock(msisdn=arguments.number), "cli.unblocked")


def _blocked(arguments: argparse.Namespace, session: Session) -> int:
    if arguments.delete:
        return _done(session, DeleteBlocked(msisdn=arguments.delete), "cli.block_deleted")
    entries = session.dispatch.call(BlockedList())
    rows = [(msisdn.mask(entry.msisdn), session.yes_no(entry.blocked)) for entry in entries.block_list]
    session.show(entries, lambda: session.table(("number", "blocked"), rows))
    return 0
