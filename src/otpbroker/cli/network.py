"""`otpb network`: interfaces, addresses given out, and what the packet filter lets in."""

import argparse
import time
from collections.abc import Sequence

from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.verbs.network import FilterState, LookAtNetwork, NetworkState, OpenPort


def register(commands: Commands) -> None:
    commands.command("network", _network)


def _network(_arguments: argparse.Namespace, session: Session) -> int:
    state = session.network.call(LookAtNetwork())
    session.show(state, lambda: _words(session, state))
    return 0


def _words(session: Session, state: NetworkState) -> None:
    rows = [
        (each.side, each.name, session.yes_no(each.link), " ".join(each.addresses), " ".join(each.gateways), each.mac)
        for each in state.interfaces
    ]
    session.table(("side", "interface", "link", "address", "gateway", "mac"), rows)
    print()
    if state.leases:
        session.table(("address", "mac", "until"), [(one.address, one.mac, _until(one.until)) for one in state.leases])
        print()
    _words_of_filter(session, state.filter)
    for alarm in state.alarms:
        session.say("cli.alarm", alarm=session.sentence(alarm.key, alarm.params))


def _words_of_filter(session: Session, found: FilterState) -> None:
    differs = found.state == "loaded" and bool(found.missing or found.surplus)
    session.say("cli.filter_differs" if differs else f"cli.filter_{found.state}")
    for key, ports in (
        ("cli.filter_opened", found.opened),
        ("cli.filter_missing", found.missing),
        ("cli.filter_surplus", found.surplus),
    ):
        for side in dict.fromkeys(one.side for one in ports):
            session.say(key, side=side, ports=_listed([one for one in ports if one.side == side]))
    if found.others:
        session.say("cli.filter_others", names=", ".join(found.others))


def _listed(ports: Sequence[OpenPort]) -> str:
    return ", ".join(f"{one.port}/{one.protocol}" for one in sorted(ports, key=lambda one: (one.port, one.protocol)))


def _until(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at)) if at else "-"
