"""What every command has at hand: the doors to the services, and a way to speak as JSON or as words."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from otpbroker.clients.acme import AcmeClient
from otpbroker.clients.apply import ApplyClient
from otpbroker.clients.ddns import DdnsClient
from otpbroker.clients.dispatch import DispatchClient
from otpbroker.clients.mail import MailClient
from otpbroker.clients.network import NetworkClient
from otpbroker.clients.notifier import NotifierClient
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.texts import Language, translate
from otpbroker.verbs.dispatch import ModemFacts, ModemList

Param = str | int


def language_of(environment: Mapping[str, str]) -> Language:
    """Indonesian where the first set of `OTPB_LANG`, `LC_ALL`, `LC_MESSAGES`, `LANG` says `id`, else English."""
    names = ("OTPB_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((environment[name] for name in names if environment.get(name)), "en")
    return "id" if chosen.lower().split("_")[0].split(".")[0] == "id" else "en"


@dataclass(frozen=True)
class Session:
    paths: Paths
    as_json: bool
    language: Language

    @cached_property
    def apply(self) -> ApplyClient:
        return ApplyClient(self.paths)

    @cached_property
    def dispatch(self) -> DispatchClient:
        return DispatchClient(self.paths.socket("dispatch"))

    @cached_property
    def mail(self) -> MailClient:
        return MailClient(self.paths.socket("mail"))

    @cached_property
    def notifier(self) -> NotifierClient:
        return NotifierClient(self.paths)

    @cached_property
    def acme(self) -> AcmeClient:
        return AcmeClient(self.paths)

    @cached_property
    def ddns(self) -> DdnsClient:
        return DdnsClient(self.paths)

    @cached_property
    def network(self) -> NetworkClient:
        return NetworkClient(self.paths)

    def sentence(self, key: str, params: Mapping[str, Param] | None = None) -> str:
        return translate(key, params or {}, self.language)

    def show(self, document: msgspec.Struct | Mapping[str, Any], words: Callable[[], None]) -> None:
        """Print `document` where JSON is wanted, else let `words` print."""
        if self.as_json:
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
        else:
            words()

    def say(self, key: str, **params: Param) -> None:
        """One sentence on standard output."""
        print(self.sentence(key, params))

    def warn(self, key: str, params: Mapping[str, Param] | None = None, path: str = "") -> None:
        """One sentence on standard error."""
        print(f"{path}: " * bool(path) + self.sentence(key, params), file=sys.stderr)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Columns aligned to their widest cell; the header's words have the keys `cli.column_…`."""
        head = [self.sentence(f"cli.column_{name}") for name in headers]
        cells = [head, *([_cell(value) for value in row] for row in rows)]
        widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
        for row in cells:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

    def yes_no(self, value: object) -> str:
        return self.sentence("cli.yes" if value else "cli.no")

    def modem_facts(self) -> list[ModemFacts]:
        return self.dispatch.call(ModemList()).modems

    def modem(self, name: str) -> ModemFacts:
        """The modem whose id or name is `name`. Raises `BrokerError` where there is none or several."""
        modems = self.modem_facts()
        for found in ([m for m in modems if m.id == name], [m for m in modems if m.name == name]):
            if len(found) == 1:
                return found[0]
        known = ", ".join(modem.id for modem in modems) or "-"
        raise BrokerError(ResponseCode.INVALID_REQUEST, "settings.no_entry_modems", entry=name, known=known)


def whole_input() -> str:
    """All of standard input, which must be UTF-8 whatever the locale. Raises 1105 where it is not."""
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.not_utf8") from None


def secret_line() -> Secret:
    """One line of standard input, for a password or PIN; from a terminal without echo."""
    if sys.stdin.isatty():
        import getpass  # noqa: PLC0415 - needed at a terminal only

        return Secret(getpass.getpass(""))
    try:
        return Secret(sys.stdin.buffer.readline().decode().rstrip("\r\n"))
    except UnicodeDecodeError:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "cli.not_utf8") from None


def default_root() -> str:
    return os.environ.get("OTPB_ROOT", "/")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else "·" for char in text)
