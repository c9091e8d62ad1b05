"""What the kernel's packet filter lets in, read from `nft --json list` (libnftables-json(5)).

Only what `otpbroker.network.firewall` writes is understood; whatever else lets somebody in is not taken for a port.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from otpbroker.verbs.network import FilterState, OpenPort

TABLE: Final = "otpb"
LIST_TABLE: Final = ("nft", "--json", "list", "table", "inet", TABLE)
LIST_CHAINS: Final = ("nft", "--json", "list", "chains")
_INBOUND: Final = "inbound"
_CHAINS: Final[dict[str, Any]] = {"ap": "ap", "wired": "ethernet", "mobile": "mobile"}  # chain → side
_SIDES: Final = {"ap", "ethernet", "mobile"}  # the chains that each side's traffic must come to


class Ruleset(NamedTuple):
    """`closed`: what no rule lets in is dropped, at every side."""

    opened: frozenset[OpenPort]
    closed: bool


def read(text: str) -> Ruleset:
    """Of our table. Raises ValueError for what is no list of nft's."""
    things = _things(text)
    chains = {each["name"]: each for each in _of(things, "chain")}
    rules = list(_of(things, "rule"))
    inbound = chains.get(_INBOUND, {})
    reached = {name for rule in rules if rule.get("chain") == _INBOUND for name in _jumps(rule)}
    closed = inbound.get("hook") == "input" and inbound.get("policy") == "drop" and reached >= _SIDES
    opened = {port for rule in rules if rule.get("chain") in _CHAINS for port in _ports(rule)}
    return Ruleset(frozenset(opened), closed)


def others(text: str) -> list[str]:
    """The tables of other programs that look at what comes in and may drop it. Raises ValueError."""
    found = [
        f"{each.get('family')} {each.get('table')}"
        for each in _of(_things(text), "chain")
        if each.get("hook") in ("input", "ingress", "prerouting") and each.get("type") == "filter"
    ]
    return sorted({name for name in found if name != f"inet {TABLE}"})


def compared(ruleset: Ruleset | None, wanted: Iterable[OpenPort], others: list[str]) -> FilterState:
    """The kernel's state beside what the settings open. None: there is no table of ours, so nothing is closed."""
    if ruleset is None:
        return FilterState(state="absent", others=others)
    planned = frozenset(wanted)
    return FilterState(
        state="loaded" if ruleset.closed else "open",
        opened=sorted(ruleset.opened),
        missing=sorted(planned - ruleset.opened),
        surplus=sorted(ruleset.opened - planned),
        others=others,
    )


def _things(text: str) -> list[Mapping[str, Any]]:
    try:
        told = msgspec.json.decode(text)["nftables"]
        return [each for each in told if isinstance(each, dict)]
    except (msgspec.DecodeError, KeyError, TypeError):
        raise ValueError("no list of nft") from None


def _of(things: Iterable[Mapping[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    return (each[kind] for each in things if isinstance(each.get(kind), dict))


def _jumps(rule: Mapping[str, Any]) -> Iterator[str]:
    for part in rule.get("expr", ()):
        target = part.get("jump") if isinstance(part, dict) else None
        if isinstance(target, dict):
            yield str(target.get("target"))


def _ports(rule: Mapping[str, Any]) -> Iterator[OpenPort]:
    """Of `tcp dport { … } accept` and nothing more: what depends on anything else is no open port."""
    expr = rule.get("expr", ())
    if len(expr) != 2 or "accept" not in expr[1] or not isinstance(expr[0].get("match"), dict):
        return
    match = expr[0]["match"]
    left = match.get("left", {})
    left = left.get("payload", {}) if isinstance(left, dict) else {}
    if match.get("op") != "==" or left.get("field") != "dport" or left.get("protocol") not in ("tcp", "udp"):
        return
    for port in _numbers(match.get("right")):
        yield OpenPort(side=_CHAINS[rule["chain"]], protocol=left["protocol"], port=port)


def _numbers(right: object) -> Iterator[int]:
    """One port, a set of them, or ranges within it (nft joins neighbours where it is told to)."""
    match right:
        case int():
            yield right
        case {"set": [*each]}:
            for one in each:
                yield from _numbers(one)
        case {"range": [int(first), int(last)]}:
            yield from range(first, last + 1)
