"""`otpb api-user …` and `otpb admin …`; passwords come from standard input only."""

import argparse
from dataclasses import dataclass
from typing import Final, Literal

from otpbroker.cli.changes import change
from otpbroker.cli.parser import Commands
from otpbroker.cli.session import Session, secret_line
from otpbroker.cli.values import collected_with_password, pair
from otpbroker.config import passwords
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.apply import AddEntry, GetSection, RemoveEntry, SetEntry


@dataclass(frozen=True, slots=True)
class _People:
    """The accounts of one list section."""

    section: Literal["api_users", "admins"]

    def register(self, group: Commands) -> None:
        group.command("list", self.list)
        add = group.command("add", self.add)
        add.add_argument("name", metavar="NAME")
        add.add_argument("values", metavar="KEY=VALUE", type=pair, nargs="*")
        add.add_argument("--generate", action="store_true", help="cli.option_user_generate")
        setter = group.command("set", self.set)
        setter.add_argument("name", metavar="NAME")
        setter.add_argument("values", metavar="KEY=VALUE", type=pair, nargs="*")
        setter.add_argument("--password", action="store_true", help="cli.option_user_password")
        group.command("remove", self.remove).add_argument("name", metavar="NAME")

    def list(self, _arguments: argparse.Namespace, session: Session) -> int:
        people = session.apply.call_or_do(GetSection(section=self.section)).document[self.section]
        rows = [
            (
                person["username"],
                person["name"],
                person["phone"],
                person["email"],
                *map(session.yes_no, (person["active"], person["blocked"])),
            )
            for person in people
        ]
        headers = ("username", "name", "phone", "email", "active", "blocked")
        session.show({self.section: people}, lambda: session.table(headers, rows))
        return 0

    def add(self, arguments: argparse.Namespace, session: Session) -> int:
        values = collected_with_password(arguments.values)
        if "password" not in values:
            values["password"] = passwords.generate() if arguments.generate else secret_line()
        if not values["password"]:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.password_missing")
        status = change(session, AddEntry(section=self.section, key=arguments.name, values=values))
        if status == 0 and arguments.generate and not session.as_json:
            session.say("cli.password_generated", password=values["password"].reveal())
        return status

    def set(self, arguments: argparse.Namespace, session: Session) -> int:
        values = collected_with_password(arguments.values)
        if "password" not in values and (arguments.password or not values):
            values["password"] = secret_line()
            if not values["password"]:
                raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.password_missing")
        return change(session, SetEntry(section=self.section, key=arguments.name, values=values))

    def remove(self, arguments: argparse.Namespace, session: Session) -> int:
        """Also the last administrator: then the panel asks for a first one again."""
        return change(session, RemoveEntry(section=self.section, key=arguments.name))


_GROUPS: Final = {"api-user": _People("api_users"), "admin": _People("admins")}


def register(commands: Commands) -> None:
    for name, people in _GROUPS.items():
        people.register(commands.group(name))
