"""What a fleet needs at the broker, in the order of making. Pure.

Publishers publish to the exchange STEM.in with the route class as routing key; what no class queue takes falls, by the
alternate exchange, to the default queue STEM. It is a direct exchange, since a topic exchange would deliver twice where
prefixes overlap. What a class queue holds for too long falls to the default queue too, what waits in STEM.retry
returns to it, and what nobody can use ends in STEM.dead. Limits are policies, so that they can be changed later.

RabbitMQ's rights are to names, whatever has them: no exchange that messages come by is called like a queue that devices
read, else they could bind queues to it.
"""

from typing import Any, Final

from msgspec import Struct

from otpbroker.fleet.order import Order

KINDS: Final = ("policy", "exchange", "queue", "binding", "user", "permission")
PRIORITY: Final = 100
QUEUE_TYPE: Final = "x-queue-type"
_NOTHING: Final = "^$"


class Thing(Struct, frozen=True):
    """An object at the broker. `facts` are named as the management interface names them."""

    kind: str
    name: str
    facts: dict[str, Any]


def binding(exchange: str, queue: str, key: str = "") -> Thing:
    facts = {"source": exchange, "destination": queue, "destination_type": "queue", "routing_key": key}
    return Thing("binding", f"{exchange} → {queue}" + f" ({key})" * bool(key), facts)


def queue(name: str) -> Thing:
    facts = {"durable": True, "auto_delete": False, "arguments": {QUEUE_TYPE: "quorum"}}
    return Thing("queue", name, facts)


def desired(order: Order) -> list[Thing]:
    """The exchange that publishers use comes last: before everything behind it is there, they are refused."""
    classes = [(order.class_queue(each), each) for each in order.classes]
    behind = [f"{order.stem}.{name}" for name in ("default", "dead", "retry", "results")]
    behind_queues = [order.stem, *behind[1:]]
    return [
        *_policies(order),
        *(_exchange(name, "fanout") for name in behind),
        *map(queue, [*behind_queues, *(name for name, _ in classes)]),
        *(binding(exchange, name) for exchange, name in zip(behind, behind_queues, strict=True)),
        _exchange(order.entrance, "direct", {"alternate-exchange": f"{order.stem}.default"}),
        *(binding(order.entrance, name, key) for name, key in classes),
        *_users(order),
    ]


def _exchange(name: str, kind: str, arguments: dict[str, str] | None = None) -> Thing:
    facts = {"type": kind, "durable": True, "auto_delete": False, "internal": False, "arguments": arguments or {}}
    return Thing("exchange", name, facts)


def _policies(order: Order) -> list[Thing]:
    """A full queue refuses publishers where its messages must not be lost, else it forgets its oldest."""
    full = {"max-length": order.max_length, "overflow": "reject-publish"}
    forgets = {"max-length": order.max_length, "overflow": "drop-head", "message-ttl": _ms(order.keep_s)}
    to_default = full | _dead_letters(f"{order.stem}.default")
    to_dead = full | _dead_letters(f"{order.stem}.dead")
    limits = {
        "class": (r"\.[0-9]+", to_default | {"message-ttl": _ms(order.class_wait_s)}),
        "default": ("", to_dead | {"message-ttl": _ms(order.lifetime_s), "delivery-limit": order.delivery_limit}),
        "retry": (r"\.retry", to_default | {"message-ttl": _ms(order.retry_delay_s)}),
        "dead": (r"\.dead", forgets),
        "results": (r"\.results", forgets),
    }
    return [_policy(order, name, tail, definition) for name, (tail, definition) in limits.items()]


def _dead_letters(exchange: str) -> dict[str, str]:
    """At least once: the message stays until its new queue has confirmed it (needs `reject-publish`)."""
    return {"dead-letter-exchange": exchange, "dead-letter-strategy": "at-least-once"}


def _policy(order: Order, name: str, tail: str, definition: dict[str, Any]) -> Thing:
    facts = {"pattern": _only(order.stem, tail), "apply-to": "queues", "priority": PRIORITY, "definition": definition}
    return Thing("policy", f"otpb-{order.stem}-{name}", facts)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _only(stem: str, tail: str = "") -> str:
    """The pattern of the names that begin with the stem and go on with `tail`."""
    return "^" + stem.replace(".", r"\.") + tail + "$"


def _users(order: Order) -> list[Thing]:
    """Devices take from the queues and tell what became of it; publishers publish; neither makes or changes anything.

    RabbitMQ checks the default exchange by the name amq.default, and knows no right to only some of its keys.
    """
    told = _only(order.stem, r"\.(retry|dead|results)")
    write = f"{told}|^amq\\.default$" if order.replies else told
    device = {"configure": _NOTHING, "write": write, "read": _only(order.stem, r"(\.[0-9]+)?")}
    publisher = {"configure": _NOTHING, "write": _only(order.entrance), "read": _NOTHING}
    named = [(name, device) for name in order.devices] + [(name, publisher) for name in order.publishers]
    users = [Thing("user", name, {"tags": []}) for name, _ in named]
    return [*users, *(Thing("permission", name, rights) for name, rights in named)]
