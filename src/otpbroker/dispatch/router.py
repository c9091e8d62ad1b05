"""Which modem takes a number: prefix rules or cheapest price (SPEC §3). Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from otpbroker.dispatch.tariff import Tariff, price_of

Routing = Literal["prefix", "tariff"]


class Candidate(Struct, frozen=True):
    """A modem as routing sees it. `obstacle` is the text key of why it may not send now, empty when it may."""

    id: str
    prefixes: tuple[str, ...] = ()
    default: bool = False
    tariffs: tuple[Tariff, ...] = ()
    sent_today: int = 0
    obstacle: str = ""
    params: dict[str, str | int] = field(default_factory=dict)


class Choice(Struct, frozen=True):
    """The modems among which the free take turns, and the rule that chose them (a text key with parameters)."""

    modems: tuple[str, ...]
    key: str
    params: dict[str, str | int] = field(default_factory=dict)


NOBODY = Choice((), "route.no_modem")


def choose(msisdn: str, candidates: Iterable[Candidate], routing: Routing = "prefix") -> Choice:
    """The chosen set for a number, empty when no candidate may send. Order follows the candidates."""
    eligible = [c for c in candidates if not c.obstacle]
    if not eligible:
        return NOBODY
    if routing == "tariff":
        cheapest = _cheapest(msisdn, eligible)
        if cheapest is not None:
            return cheapest
    return _by_prefix(msisdn, eligible)


def _by_prefix(msisdn: str, eligible: list[Candidate]) -> Choice:
    longest = max(_match(msisdn, c) for c in eligible)
    if longest:
        matching = tuple(c.id for c in eligible if _match(msisdn, c) == longest)
        return Choice(matching, "route.prefix", {"prefix": msisdn[:longest]})
    default = tuple(c.id for c in eligible if c.default)
    if default:
        return Choice(default, "route.default")
    open_to_all = tuple(c.id for c in eligible if not c.prefixes)
    if open_to_all:
        return Choice(open_to_all, "route.no_prefix_list")
    return Choice(tuple(c.id for c in eligible), "route.any")


def _cheapest(msisdn: str, eligible: list[Candidate]) -> Choice | None:
    """The lowest price decides; prefix list, then default flag break ties. None when no tariff covers the number."""
    prices = {c.id: price_of(msisdn, c.tariffs, c.sent_today) for c in eligible}
    known = [price for price in prices.values() if price is not None]
    if not known:
        return None
    lowest = min(known)
    tied = [c for c in eligible if prices[c.id] == lowest]
    longest = max(_match(msisdn, c) for c in tied)
    if longest:
        tied = [c for c in tied if _match(msisdn, c) == longest]
    elif any(c.default for c in tied):
        tied = [c for c in tied if c.default]
    return Choice(tuple(c.id for c in tied), "route.cheapest", {"price": plain(lowest)})


def _match(msisdn: str, candidate: Candidate) -> int:
    """Length of the longest of the candidate's prefixes that the number begins with, 0 for none."""
    return max((len(prefix) for prefix in candidate.prefixes if msisdn.startswith(prefix)), default=0)


def plain(price: Decimal) -> str:
    """`50`, `12.5`: as people write it."""
    return format(price.normalize(), "f")


class Rotation:
    """Takes turns inside each chosen set: the free modem after the one that went last."""

    def __init__(self) -> None:
        self._next: dict[tuple[str, ...], int] = {}

    def pick(self, modems: tuple[str, ...], free: set[str]) -> str | None:
        """The next free modem of the set, None when all are busy."""
        start = self._next.get(modems, 0)
        for offset in range(len(modems)):
            index = (start + offset) % len(modems)
            if modems[index] in free:
                self._next[modems] = index + 1
                return modems[index]
        return None
