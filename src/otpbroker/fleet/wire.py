"""The management interface's way of writing what `desired` names. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from otpbroker.fleet.desired import Thing, binding
from otpbroker.secrets import Secret

_FACTS: Final = {
    "policy": ("pattern", "apply-to", "priority", "definition"),
    "exchange": ("type", "durable", "auto_delete", "internal", "arguments"),
    "queue": ("durable", "auto_delete", "arguments"),
    "binding": ("source", "destination", "destination_type", "routing_key"),
    "user": ("tags",),
    "permission": ("configure", "write", "read"),
}
LISTS: Final = {"policy": "policies", "exchange": "exchanges", "queue": "queues", "binding": "bindings"}


def facts_of(kind: str, items: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """What a list of the interface tells, by kind and name."""
    return {(kind, _name(kind, item)): {fact: item.get(fact) for fact in _FACTS[kind]} for item in items}


def _name(kind: str, item: Mapping[str, Any]) -> str:
    if kind == "binding":
        to = item["destination"] if item["destination_type"] == "queue" else f"exchange {item['destination']}"
        return binding(item["source"], to, item["routing_key"]).name
    return str(item["user"] if kind == "permission" else item["name"])


def making(thing: Thing, vhost: str, password: Secret) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """Method, path and body of the request that makes or changes it."""
    if thing.kind == "binding":
        body = {"routing_key": thing.facts["routing_key"], "arguments": {}}
        return "POST", _between(thing, vhost), body
    if thing.kind == "user":
        return "PUT", ("users", thing.name), {"password": password.reveal(), "tags": ""}
    where = "permissions" if thing.kind == "permission" else LISTS[thing.kind]
    return "PUT", (where, vhost, thing.name), thing.facts


def removing(thing: Thing, vhost: str) -> tuple[str, ...]:
    """Path of what is removed: a queue, or a binding with a routing key."""
    if thing.kind == "binding":
        return (*_between(thing, vhost), thing.facts["routing_key"])
    return LISTS[thing.kind], vhost, thing.name


def _between(thing: Thing, vhost: str) -> tuple[str, ...]:
    return "bindings", vhost, "e", thing.facts["source"], "q", thing.facts["destination"]
