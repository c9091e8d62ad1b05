"""`otpb status`: services, modems, counters, alarms."""

import argparse
import contextlib
from typing import Any

import msgspec

from otpbroker.cli import email, feeders
from otpbroker.cli.modems import dbm, explained, state_words
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.clients import supervisor
from otpbroker.errors import BrokerError
from otpbroker.verbs.ddns import DdnsStatus
from otpbroker.verbs.dispatch import Alarm, DispatchStatus, Status
from otpbroker.verbs.internet import InternetState
from otpbroker.verbs.mail import MailFacts, MailStatus
from otpbroker.verbs.network import NetworkAlarms
from otpbroker.verbs.notifier import NotifierStatus
from otpbroker.verbs.supervisor import Services, ServiceState


def register(commands: Commands) -> None:
    commands.command("status", _status)


def _status(_arguments: argparse.Namespace, session: Session) -> int:
    services = _services(session)
    try:
        dispatch = session.dispatch.call(Status())
    except BrokerError:
        dispatch = None
    mail = _mail(session)
    alarms = ([] if dispatch is None else dispatch.alarms) + _alarms_of_others(session) + mail.alarms
    alarms = [*alarms, *session.network.call(NetworkAlarms()).alarms]
    document: dict[str, Any] = {
        "running": dispatch is not None,
        "services": msgspec.to_builtins(services),
        "modems": [],
        "mail": email.explained(session, mail),
    }
    if dispatch is not None:
        document |= msgspec.to_builtins(dispatch)
        document["modems"] = [explained(session, modem) for modem in document["modems"]]
    document["alarms"] = msgspec.to_builtins(alarms)
    session.show(document, lambda: _words(session, services, dispatch, mail, alarms))
    if dispatch is None:
        session.warn("cli.not_running" if not services else "dispatch.unavailable")
        return 1
    return 0


def _services(session: Session) -> list[ServiceState]:
    client = supervisor.found(session.paths)
    try:
        return client.call(Services()).services
    except BrokerError:
        return []
    finally:
        client.close()


def _alarms_of_others(session: Session) -> list[Alarm]:
    """Of the notifier and of DDNS, as far as they run."""
    found: list[Alarm] = []
    with contextlib.suppress(BrokerError):
        found += session.notifier.call(NotifierStatus()).alarms
    with contextlib.suppress(BrokerError):
        found += session.ddns.call(DdnsStatus()).alarms
    return found


def _mail(session: Session) -> MailFacts:
    try:
        return session.mail.call(MailStatus())
    except BrokerError:
        return MailFacts()


def _words(
    session: Session,
    services: list[ServiceState],
    dispatch: DispatchStatus | None,
    mail: MailFacts,
    alarms: list[Alarm],
) -> None:
    if services:
        rows = [(unit.service, unit.state, unit.pid, unit.restarts, unit.status) for unit in services]
        session.table(("service", "state", "pid", "restarts", "note"), rows)
        print()
    if dispatch is None:
        _say_alarms(session, alarms)
        return
    plain = [msgspec.to_builtins(modem) for modem in dispatch.modems]
    rows_of_modems = [
        (modem["id"], modem["name"], state_words(session, modem), modem["operator"], dbm(modem), modem["sent_today"])
        for modem in plain
    ]
    session.table(("id", "name", "state", "operator", "signal", "sent_today"), rows_of_modems)
    print()
    if mail.accounts or mail.direct:
        email.table(session, mail)
        print()
    if any(feeder.state != "disabled" for feeder in dispatch.feeders):
        feeders.words(session, dispatch.feeders)
        print()
    counters = dispatch.counters
    finals = ", ".join(f"{state} {count}" for state, count in sorted(counters.by_state.items())) or "-"
    session.say("cli.counters", queued=counters.queued, in_flight=counters.in_flight, accepted=counters.accepted)
    session.say("cli.finals", finals=finals)
    for stick in dispatch.found:
        if stick.reason:
            session.say("cli.alarm", alarm=f"{stick.name}: {session.sentence(stick.reason)}")
        else:
            session.say("cli.found", name=stick.name, imei=stick.imei, port=stick.port)
    _say_internet(session, dispatch.internet)
    _say_alarms(session, alarms)
    if dispatch.settings_error:
        session.say("cli.alarm", alarm=session.sentence(dispatch.settings_error))
    if mail.settings_error:
        session.say("cli.alarm", alarm=session.sentence(mail.settings_error))


def _say_internet(session: Session, states: list[InternetState]) -> None:
    for state in states:
        if state.state == "failed":
            session.say("cli.alarm", alarm=f"{state.modem}: {session.sentence(state.key, state.params)}")


def _say_alarms(session: Session, alarms: list[Alarm]) -> None:
    for alarm in alarms:
        session.say("cli.alarm", alarm=session.sentence(alarm.key, alarm.params))
