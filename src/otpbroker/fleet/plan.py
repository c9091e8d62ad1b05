"""From what is there to what should be: the steps, each with its reason. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from otpbroker.fleet.desired import PRIORITY, QUEUE_TYPE, Thing, binding, desired, queue
from otpbroker.fleet.order import Order

Action = Literal["make", "keep", "change", "remove", "refuse"]
Found = Mapping[tuple[str, str], Mapping[str, Any]]  # kind and name → facts
_CHANGEABLE: Final = ("policy", "permission")
_HARMLESS: Final = (
    "x-quorum-initial-group-size",
    "x-queue-leader-locator",
)  # where a queue lives, not what it does


class Step(Struct, frozen=True):
    """`note` says what differs. A refusal has the key of its reason, and its parameters."""

    action: Action
    thing: Thing
    note: str = ""
    key: str = ""
    params: dict[str, str | int] = {}


def plan(order: Order, found: Found) -> list[Step]:
    """All steps in the order of doing, also those that keep what is there. With one refusal nothing is to be done."""
    wanted = desired(order)
    steps = [_step(thing, found.get((thing.kind, thing.name))) for thing in wanted]
    steps += _removals(order, found)
    return [*steps, *_second_ways(order, wanted, found), *_overruling(wanted, found)]


def refusals(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.action == "refuse"]


def _step(thing: Thing, there: Mapping[str, Any] | None) -> Step:
    if there is None:
        return Step("make", thing)
    differs = ", ".join(_differences(thing.facts, there))
    if not differs:
        return Step("keep", thing)
    if thing.kind in _CHANGEABLE:
        return Step("change", thing, differs)
    return Step("refuse", thing, differs, f"fleet.other_{thing.kind}", {"name": thing.name, "differs": differs})


def _differences(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    for name, value in wanted.items():
        have = there.get(name)
        if isinstance(value, dict) and isinstance(have, dict):
            harmless = _HARMLESS if QUEUE_TYPE in value else ()
            both = {key: None for key in (*value, *sorted(have)) if key not in harmless}
            yield from (
                f"{key}: {_shown(have.get(key))} → {_shown(value.get(key))}"
                for key in both
                if have.get(key) != value.get(key)
            )
        elif have != value:
            yield f"{name}: {_shown(have)} → {_shown(value)}"


def _shown(value: object) -> str:
    return "-" if value in (None, []) else str(value)


def _removals(order: Order, found: Found) -> Iterator[Step]:
    """First nothing new comes to the queue, then it goes."""
    for each in order.removed:
        name = order.class_queue(each)
        things = (binding(order.entrance, name, each), queue(name))
        yield from (Step("remove", thing) for thing in things if (thing.kind, thing.name) in found)


def _second_ways(order: Order, wanted: list[Thing], found: Found) -> Iterator[Step]:
    """Bindings that somebody else made, by which a message would get into a second queue and be sent twice."""
    sources = {order.entrance, f"{order.stem}.default", f"{order.stem}.retry"}
    ours = {thing.name for thing in wanted if thing.kind == "binding"}
    for (kind, name), facts in found.items():
        if kind != "binding" or facts["source"] not in sources or name in ours:
            continue
        if name == binding(order.entrance, order.class_queue(facts["routing_key"]), facts["routing_key"]).name:
            continue  # a class that was declared before
        yield Step("refuse", Thing(kind, name, dict(facts)), "", "fleet.second_way", {"name": name})


def _overruling(wanted: list[Thing], found: Found) -> Iterator[Step]:
    """Of all policies that fit a queue only the one with the highest priority holds."""
    queues = [thing.name for thing in wanted if thing.kind == "queue"]
    ours = {thing.name for thing in wanted if thing.kind == "policy"}
    for (kind, name), facts in found.items():
        if kind != "policy" or name in ours or facts["priority"] < PRIORITY or facts["apply-to"] == "exchanges":
            continue
        hit = next((queue for queue in queues if _fits(facts["pattern"], queue)), None)
        if hit is not None:
            thing = Thing(kind, name, dict(facts))
            yield Step("refuse", thing, "", "fleet.overruled", {"name": name, "queue": hit, "priority": PRIORITY})


def _fits(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # the broker's dialect knows more than ours
        return False
