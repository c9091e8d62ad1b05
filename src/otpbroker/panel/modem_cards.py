"""A modem for people: what it is in the settings and what the device sees of it, in one. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from otpbroker.verbs.dispatch import FoundModem, ModemFacts
from otpbroker.verbs.internet import InternetState

Entry = Mapping[str, Any]
_KINDS: Final = {
    "ready": "good",
    "internet": "good",
    "starting": "warn",
    "searching": "warn",
    "recovering": "warn",
    "pin_required": "warn",
    "inactive": "off",
    "unknown": "off",
}
_LEAST_DBM: Final = (-109, -95, -85, -75)  # one bar, two, three, four
_BY_HAND: Final = "modem.pin_last_try"
ADVICE: Final = frozenset(
    {
        "modem.hilink",
        "modem.mute",
        "modem.held_by_modemmanager",
        "modem.no_answer",
        "modem.no_signal",
        "modem.pin_refused",
        "modem.storage_mode",
        "modem.wrong_imei",
        "absent",
        "denied",
        "disabled",
        "no_sim",
        "puk_required",
    }
)
"""The reasons and states for which `modems.do.…` says what helps."""


def bars(dbm: int | None) -> int:
    """Signal strength as people count it, 0 to 4."""
    return 0 if dbm is None else sum(dbm >= least for least in _LEAST_DBM)


@dataclass(frozen=True, slots=True)
class Card:
    """`facts` is None where dispatch does not answer, or does not know the modem yet. `internet` is how its connection
    fares; None where nobody makes one.
    """

    entry: Entry
    facts: ModemFacts | None
    internet: InternetState | None = None

    @property
    def id(self) -> str:
        return str(self.entry["id"])

    @property
    def state(self) -> str:
        if not self.entry["active"]:
            return "inactive"
        return self.facts.state if self.facts is not None else "unknown"

    @property
    def kind(self) -> str:
        return _KINDS.get(self.state, "bad")

    @property
    def reason(self) -> str:
        """The text key of why it cannot send; empty where the state says it all."""
        if self.facts is None or self.kind in ("good", "off") or self.facts.reason.startswith("modem.state."):
            return ""
        return self.facts.reason

    @property
    def params(self) -> dict[str, str | int]:
        return self.facts.params if self.facts is not None else {}

    @property
    def advice(self) -> str:
        """The key of what helps, empty where nothing need be done."""
        return next((f"modems.do.{each}" for each in (self.reason, self.state) if each in ADVICE), "")

    @property
    def has_radio(self) -> bool:
        """Whether it gets as far as looking for a network."""
        return self.state in ("ready", "searching", "denied")

    @property
    def bars(self) -> int:
        return bars(self.facts.signal_dbm) if self.facts is not None and self.has_radio else 0

    @property
    def asks_pin(self) -> bool:
        """Whether a PIN typed now would be tried: never the last try, nor for a lock of another kind."""
        return self.state in ("pin_required", "pin_refused") and self.reason not in (_BY_HAND, "modem.locked")

    @property
    def tries(self) -> int | None:
        tries = self.params.get("tries")
        return tries if isinstance(tries, int) else None

    @property
    def connects(self) -> bool:
        """Whether it is to be connected to the internet."""
        return bool(self.entry.get("internet_access")) and bool(self.entry["active"])

    @property
    def only_internet(self) -> bool:
        """Whether that costs its SMS."""
        return self.state == "internet"

    @property
    def port(self) -> str:
        return (self.facts.port if self.facts is not None else "") or str(self.entry["port"])

    def said(self, name: str) -> str:
        """A fact that the device reads, else what the settings have."""
        read = str(getattr(self.facts, name, "") or "")
        return read or str(self.entry.get(name, ""))

    def matches(self, wanted: str) -> bool:
        """Whether `wanted`, in lower case, is part of anything that the card shows."""
        names = ("operator", "imei", "msisdn", "imsi", "iccid", "model", "manufacturer")
        shown = [self.entry["name"], self.id, self.port, *self.entry["recipient_prefix"], *map(self.said, names)]
        return any(wanted in str(each).casefold() for each in shown)


def cards(entries: Iterable[Entry], facts: Iterable[ModemFacts], internet: Iterable[InternetState] = ()) -> list[Card]:
    known = {modem.id: modem for modem in facts}
    connections = {state.modem: state for state in internet}
    return [Card(entry, known.get(str(entry["id"])), connections.get(str(entry["id"]))) for entry in entries]


def card_of(facts: ModemFacts) -> Card:
    """Of what the device sees alone, where no more than that is shown."""
    return Card({"id": facts.id, "name": facts.name, "active": facts.active, "port": facts.port}, facts)


def mark(shown: Sequence[Card], found: Sequence[FoundModem], *more: object) -> str:
    """Differs where what is shown does: small changes of the signal are none."""
    seen = [(card.entry, card.state, card.bars, _told(card.facts), card.internet) for card in shown]
    return hashlib.sha256(repr((seen, found, more)).encode()).hexdigest()[:16]


def _told(facts: ModemFacts | None) -> object:
    if facts is None:
        return None
    return {name: getattr(facts, name) for name in facts.__struct_fields__ if name != "signal_dbm"}
