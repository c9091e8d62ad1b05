"""`otpb api-user …`; passwords come from standard input only."""

import argparse

from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session, secret_line
from otpbroker.cli.values import collected_with_password, pair
from otpbroker.config import passwords
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.apply import AddEntry, GetSection, RemoveEntry, SetEntry


def register(commands: Commands) -> None:
    group = commands.group("api-user")
    group.command("list", _list)
    add = group.command("add", _add)
    add.add_argument("name", metavar="NAME")
    add.add_argument("values", metavar="KEY=VALUE", type=pair, nargs="*")
    add.add_argument("--generate", action="store_true", help="cli.option_user_generate")
    setter = group.command("set", _set)
    setter.add_argument("name", metavar="NAME")
    setter.add_argument("values", metavar="KEY=VALUE", type=pair, nargs="*")
    setter.add_argument("--password", action="store_true", help="cli.option_user_password")
    group.command("remove", _remove).add_argument("name", metavar="NAME")


def _list(_arguments: argparse.Namespace, session: Session) -> int:
    document = session.apply.call_or_do(GetSection(section="api_users")).document
    rows = [
        (
            user["username"],
            user["name"],
            user["phone"],
            user["email"],
            *map(session.yes_no, (user["active"], user["blocked"])),
        )
        for user in document["api_users"]
    ]
    headers = ("username", "name", "phone", "email", "active", "blocked")
    session.show({"api_users": document["api_users"]}, lambda: session.table(headers, rows))
    return 0


def _add(arguments: argparse.Namespace, session: Session) -> int:
    values = collected_with_password(arguments.values)
    if "password" not in values:
        values["password"] = passwords.generate() if arguments.generate else secret_line()
    if not values["password"]:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.password_missing")
    status = change(session, AddEntry(section="api_users", key=arguments.name, values=values))
    if status == 0 and arguments.generate and not session.as_json:
        session.say("cli.password_generated", password=values["password"].reveal())
    return status


def _set(arguments: argparse.Namespace, session: Session) -> int:
    values = collected_with_password(arguments.values)
    if "password" not in values and (arguments.password or not values):
        values["password"] = secret_line()
        if not values["password"]:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.password_missing")
    return change(session, SetEntry(section="api_users", key=arguments.name, values=values))


def _remove(arguments: argparse.Namespace, session: Session) -> int:
    return change(session, RemoveEntry(section="api_users", key=arguments.name))
