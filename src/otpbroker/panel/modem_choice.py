"""The modems that a form offers, each with how it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from otpbroker.errors import BrokerError
from otpbroker.panel.desk import Desk
from otpbroker.verbs.dispatch import ModemFacts, ModemList

_PATIENCE_S = 2.0


class ModemOption(NamedTuple):
    """`state` as `otpbroker.modem.status.ModemState`; words for it begin with `modem_is.`."""

    id: str
    name: str
    state: str

    @property
    def ready(self) -> bool:
        return self.state == "ready"


@dataclass(frozen=True, slots=True)
class ModemChoice:
    """`down` is the text key of why nobody knows them, empty where they are known."""

    options: list[ModemOption] = field(default_factory=list)
    down: str = ""

    def name(self, modem: str) -> str:
        return next((each.name for each in self.options if each.id == modem), modem)


def of_modems(modems: Iterable[ModemFacts]) -> list[ModemOption]:
    """The active ones, those that can work now first."""
    found = [ModemOption(each.id, each.name or each.id, each.state) for each in modems if each.active]
    return sorted(found, key=lambda each: not each.ready)


def modem_choice(desk: Desk) -> ModemChoice:
    try:
        return ModemChoice(of_modems(desk.peers.dispatch.call(ModemList(), _PATIENCE_S).modems))
    except BrokerError as error:
        return ModemChoice(down=error.key)
