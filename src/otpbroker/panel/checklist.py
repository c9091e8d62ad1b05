"""What a new device still lacks, step by step. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from otpbroker.panel.modem_cards import Card
from otpbroker.panel.operators import Operator, operator_of

StepName = Literal["country", "name", "time", "modems", "prefixes", "default", "test", "api"]
StepState = Literal["done", "todo", "cannot"]
STEPS: Final[tuple[StepName, ...]] = ("country", "name", "time", "modems", "prefixes", "default", "test", "api")


@dataclass(frozen=True, slots=True)
class Situation:
    """`tested`: some SMS has left by a modem. `users` may send over the API."""

    country_chosen: bool
    named: bool
    clock_right: bool
    cards: Sequence[Card]
    tested: bool
    users: int
    country: str = ""

    @property
    def active(self) -> list[Card]:
        return [card for card in self.cards if card.entry["active"]]

    @property
    def needs_hand(self) -> bool:
        """Whether a modem waits for somebody, or none works yet."""
        return not self.ready or any(card.asks_pin or card.kind == "bad" for card in self.active)

    @property
    def ready(self) -> list[Card]:
        return [card for card in self.cards if card.state == "ready"]


@dataclass(frozen=True, slots=True)
class Step:
    """`mark` differs where what the step shows does."""

    name: StepName
    state: StepState
    mark: str = ""

    @property
    def seen(self) -> str:
        return f"{self.state[0]}{self.mark}"


@dataclass(frozen=True, slots=True)
class Checklist:
    steps: tuple[Step, ...]
    offers: Mapping[str, Operator] = field(default_factory=dict)

    @property
    def next(self) -> StepName | Literal[""]:
        """What to do now; empty where nothing can or need be done."""
        return next((step.name for step in self.steps if step.state == "todo"), "")

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.steps)

    @property
    def is_ready(self) -> bool:
        return self.done == len(self.steps)

    @property
    def seen(self) -> str:
        """For a page that stands open: what it shows of each step."""
        return ".".join(step.seen for step in self.steps)

    def changed(self, seen: str) -> list[Step]:
        """The steps that look otherwise than a page that shows `seen`."""
        before = seen.split(".")
        if len(before) != len(self.steps):
            return list(self.steps)
        return [step for step, old in zip(self.steps, before, strict=True) if step.seen != old]


def checklist(now: Situation) -> Checklist:
    offers = _offers(now)
    one_is_enough = len(now.active) == 1
    return Checklist(
        (
            Step("country", _of(done=now.country_chosen)),
            Step("name", _of(done=now.named)),
            Step("time", _of(done=now.clock_right)),
            Step("modems", _of(done=bool(now.ready))),
            Step("prefixes", _prefixes(now, offers), _ids(card for card in now.active if card.id in offers)),
            Step(
                "default",
                _of(
                    done=one_is_enough or any(card.entry["default_modem"] for card in now.active), can=bool(now.active)
                ),
                _ids(now.active),
            ),
            Step("test", _of(done=now.tested, can=bool(now.ready)), _ids(now.ready)),
            Step("api", _of(done=now.users > 0)),
        ),
        offers,
    )


def _of(*, done: bool, can: bool = True) -> StepState:
    return "done" if done else "todo" if can else "cannot"


def _ids(cards: Iterable[Card]) -> str:
    return "-".join(card.id for card in cards)


def _offers(now: Situation) -> dict[str, Operator]:
    """By modem, whose SIM it is, where a modem has no prefixes yet and its operator numbers in this country."""
    if now.country != "62":
        return {}
    found = {
        card.id: operator_of(card.said("imsi"), card.said("operator"), card.said("msisdn"))
        for card in now.active
        if not card.entry["recipient_prefix"]
    }
    return {modem: operator for modem, operator in found.items() if operator is not None}


def _prefixes(now: Situation, offers: Mapping[str, Operator]) -> StepState:
    """Nothing need be said of one modem alone, nor of a default one."""
    lacking = [card for card in now.active if not card.entry["recipient_prefix"] and not card.entry["default_modem"]]
    if not now.active:
        return "cannot"
    if len(now.active) == 1 or not lacking:
        return "done"
    return "todo" if offers or now.country != "62" or any(card.has_radio for card in lacking) else "cannot"
