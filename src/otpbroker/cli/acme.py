"""`otpb certificate request | renew | status`: the certificate of an authority."""

import argparse

from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session
from otpbroker.cli.values import moment
from otpbroker.verbs.acme import AcmeState, AcmeStatus, OrderCertificate


def register(group: Commands) -> None:
    """Below `otpb certificate`."""
    requesting = group.command("request", _order)
    requesting.add_argument("--no-wait", action="store_false", dest="wait", help="cli.option_certificate_no_wait")
    requesting.set_defaults(renewal=False)
    group.command("renew", _order).set_defaults(renewal=True, wait=True)
    group.command("status", _status)


def _order(arguments: argparse.Namespace, session: Session) -> int:
    ordered = session.apply.call(OrderCertificate(renewal=arguments.renewal, wait=arguments.wait))
    session.show(ordered, lambda: print(session.sentence(ordered.key, ordered.params)))
    return 0


def _status(_arguments: argparse.Namespace, session: Session) -> int:
    state = session.acme.call(AcmeStatus())
    session.show(state, lambda: _words(session, state))
    return 0


def _words(session: Session, state: AcmeState) -> None:
    names = ", ".join(state.names)
    if state.step is not None:
        session.say("cli.acme_now", names=names, step=session.sentence(f"acme.step.{state.step}"))
    elif state.ended is None:
        session.say("cli.acme_never")
    else:
        session.say(
            "cli.acme_ended", names=names, when=moment(state.ended), reason=session.sentence(state.key, state.params)
        )
