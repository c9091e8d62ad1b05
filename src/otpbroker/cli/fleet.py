"""`otpb fleet …`: several devices on one RabbitMQ."""

import argparse
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session, secret_line
from otpbroker.config import passwords
from otpbroker.fleet.order import Numbers, Order, check
from otpbroker.fleet.plan import Step, plan, refusals
from otpbroker.verbs.apply import GetSection

if TYPE_CHECKING:
    from otpbroker.fleet.management import Management

MOST_SECONDS: Final = 604800
MOST_MESSAGES: Final = 100_000_000
_FACTORY: Final = Order()
_SECONDS: Final = (
    ("class-wait", _FACTORY.class_wait_s),
    ("retry-delay", _FACTORY.retry_delay_s),
    ("lifetime", _FACTORY.lifetime_s),
    ("keep", _FACTORY.keep_s),
)


def register(commands: Commands) -> None:
    group = commands.group("fleet")
    group.command("keygen", _keygen)
    declare = group.command("declare", _declare)
    declare.add_argument("--url", metavar="URL", required=True, help="cli.option_fleet_url")
    declare.add_argument("--vhost", metavar="VHOST", default="/", help="cli.option_fleet_vhost")
    declare.add_argument("--user", metavar="ADMIN", required=True, help="cli.option_fleet_user")
    declare.add_argument("--ca", metavar="FILE", type=Path, help="cli.option_fleet_ca")
    declare.add_argument("--stem", metavar="NAME", default=_FACTORY.stem, help="cli.option_fleet_stem")
    for name in ("classes", "remove-class"):
        declare.add_argument(f"--{name}", metavar="PREFIX,…", type=_list, default=(), help=_option(name))
    for name in ("device", "publisher"):
        declare.add_argument(f"--{name}", metavar="NAME", nargs="+", default=[], action="extend", help=_option(name))
    declare.add_argument("--no-replies", action="store_true", help="cli.option_fleet_no_replies")
    declare.add_argument("--dry-run", action="store_true", help="cli.option_fleet_dry_run")
    for name, default in _SECONDS:
        declare.add_argument(f"--{name}", metavar="S", type=_seconds, default=default, help=_option(name))
    most = _FACTORY.max_length
    declare.add_argument("--max-length", metavar="N", type=_count, default=most, help="cli.option_fleet_max_length")


def _option(name: str) -> str:
    """The text key of what an option of `declare` is for."""
    return f"cli.option_fleet_{name.replace('-', '_')}"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.001 <= value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds from 0.001 to {MOST_SECONDS}")
    return value


def _count(text: str) -> int:
    value = int(text)
    if not 0 < value <= MOST_MESSAGES:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to {MOST_MESSAGES}")
    return value


def _keygen(_arguments: argparse.Namespace, session: Session) -> int:
    from otpbroker.envelope import sealed  # noqa: PLC0415 - libsodium is needed here only

    public, private = sealed.generate()
    keys = {"public_key": public, "private_key": private.reveal()}
    session.show(keys, lambda: session.say("cli.keys", **keys))
    return 0


def _order(arguments: argparse.Namespace, session: Session) -> Order:
    sms = session.apply.call_or_do(GetSection(section="sms")).document
    numbers = Numbers(sms["country_code"], tuple(sms["international_prefixes"]), sms["recipient_prefix_length"])
    order = Order(
        stem=arguments.stem,
        classes=numbers.route_classes(arguments.classes),
        removed=numbers.route_classes(arguments.remove_class),
        devices=tuple(dict.fromkeys(arguments.device)),
        publishers=tuple(dict.fromkeys(arguments.publisher)),
        replies=not arguments.no_replies,
        class_wait_s=arguments.class_wait,
        retry_delay_s=arguments.retry_delay,
        lifetime_s=arguments.lifetime,
        keep_s=arguments.keep,
        max_length=arguments.max_length,
    )
    check(order)
    return order


def _declare(arguments: argparse.Namespace, session: Session) -> int:
    from otpbroker.fleet.management import SETTLE_S, Management  # noqa: PLC0415 - HTTP and TLS are needed here only

    order = _order(arguments, session)
    _warn_of_clear_text(arguments.url, session)
    with Management(arguments.url, arguments.vhost, arguments.user, secret_line(), arguments.ca) as broker:
        steps = plan(order, broker.found(order))
        refused = refusals(steps)
        for step in refused:
            session.warn(step.key, step.params)
        if refused or arguments.dry_run:
            _show(session, steps, {})
            return 1 if refused else 0
        _carry_out(broker, steps, session, order.class_wait_s + SETTLE_S)
    return 0


def _warn_of_clear_text(url: str, session: Session) -> None:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        session.warn("fleet.clear_text")


def _carry_out(broker: "Management", steps: Sequence[Step], session: Session, quiet_s: float) -> None:
    """What was done is told even where a later step fails: a password is shown once."""
    done: list[Step] = []
    users: dict[str, str] = {}
    try:
        for step in steps:
            password = passwords.generate()
            broker.carry_out(step, password, quiet_s)
            done.append(step)
            if step.action == "make" and step.thing.kind == "user":
                users[step.thing.name] = password.reveal()
    finally:
        _show(session, done, users)


def _show(session: Session, steps: Sequence[Step], users: dict[str, str]) -> None:
    document = {
        "steps": [
            {"action": step.action, "kind": step.thing.kind, "name": step.thing.name, "note": step.note}
            for step in steps
        ],
        "users": [{"username": name, "password": password} for name, password in users.items()],
    }
    session.show(document, lambda: _words(session, steps, users))


def _words(session: Session, steps: Sequence[Step], users: dict[str, str]) -> None:
    rows = [
        (
            session.sentence(f"fleet.{step.action}"),
            session.sentence(f"fleet.{step.thing.kind}"),
            step.thing.name,
            step.note,
        )
        for step in steps
    ]
    session.table(("action", "kind", "name", "note"), rows)
    for name, password in users.items():
        session.say("cli.fleet_user", name=name, password=password)
