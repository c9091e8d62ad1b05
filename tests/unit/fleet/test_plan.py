"""The planner against a model of the broker: what exists, and where RabbitMQ would put a message."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.fleet.desired import PRIORITY, Thing, binding, desired, queue
from otpbroker.fleet.order import Order
from otpbroker.fleet.plan import plan, refusals

STEMS = st.sampled_from(["sms", "shop.sms", "a-b", "x:1"])
CLASSES = st.sets(st.sampled_from([f"628{tail}" for tail in range(10, 35)]), max_size=8)
NAMES = st.sets(st.sampled_from(["pi-1", "pi-2", "pi 3", "shop", "gudang"]), max_size=4)


@st.composite
def orders(draw, stem=STEMS):
    classes = draw(CLASSES)
    names = sorted(draw(NAMES))
    at = draw(st.integers(0, len(names)))
    return Order(
        stem=draw(stem),
        classes=tuple(sorted(classes)),
        removed=tuple(sorted(draw(CLASSES) - classes)),
        devices=tuple(names[:at]),
        publishers=tuple(names[at:]),
        replies=draw(st.booleans()),
        class_wait_s=draw(st.sampled_from([0.001, 5, 30])),
        max_length=draw(st.integers(1, 10**8)),
    )


class Broker:
    """What is there, by kind and name, as the management interface would tell it."""

    def __init__(self):
        self.things = {}

    def add(self, thing, **facts):
        self.things[thing.kind, thing.name] = thing.facts | facts

    def obey(self, order):
        steps = plan(order, self.things)
        assert refusals(steps) == []
        for step in steps:
            if step.action == "remove":
                del self.things[step.thing.kind, step.thing.name]
            elif step.action != "keep":
                self.add(step.thing)
        return [step.action for step in steps]

    def queues_of(self, exchange, key):
        """Where a message goes that is published to `exchange` with `key`; RabbitMQ's rules for our exchanges."""
        facts = self.things["exchange", exchange]
        bindings = [f for (kind, _), f in self.things.items() if kind == "binding" and f["source"] == exchange]
        hit = {f["destination"] for f in bindings if facts["type"] == "fanout" or f["routing_key"] == key}
        if not hit and "alternate-exchange" in facts["arguments"]:
            return self.queues_of(facts["arguments"]["alternate-exchange"], key)
        return hit

    def limits(self, name):
        """The policy that holds for a queue."""
        policies = [f for (kind, _), f in self.things.items() if kind == "policy" and re.search(f["pattern"], name)]
        (held,) = policies
        return held["definition"]


def declared(**fields):
    broker, order = Broker(), Order(**fields)
    broker.obey(order)
    return broker, order


@given(orders())
def test_what_was_declared_is_kept_the_next_time(order):
    broker = Broker()
    assert set(broker.obey(order)) <= {"make"}
    assert set(broker.obey(order)) == {"keep"}


@given(orders(st.just("sms")), orders(st.just("sms")))
def test_any_order_follows_any_other(first, second):
    broker = Broker()
    broker.obey(first)
    assert {"make", "keep", "change", "remove"} >= set(broker.obey(second))
    assert set(broker.obey(second)) == {"keep"}
    there = {name for kind, name in broker.things if kind == "queue"}
    assert {f"sms.{each}" for each in second.classes} <= there
    assert not {f"sms.{each}" for each in second.removed} & there
    assert {f"sms.{each}" for each in set(first.classes) - set(second.removed)} <= there


@given(orders(), st.text("0123456789", min_size=8, max_size=15), st.integers(2, 8))
def test_each_message_gets_into_exactly_one_queue_and_each_fall_too(order, number, length):
    broker = Broker()
    broker.obey(order)
    for key in ("default", number[:length], *order.classes):
        expected = f"{order.stem}.{key}" if key in order.classes else order.stem
        assert broker.queues_of(order.entrance, key) == {expected}
        seen = [expected]
        while (to := broker.limits(seen[-1]).get("dead-letter-exchange")) is not None:
            (fallen,) = broker.queues_of(to, key)
            assert fallen not in seen
            seen.append(fallen)
        assert seen[-2:] == [order.stem, f"{order.stem}.dead"]


@given(orders(), STEMS)
def test_no_limit_holds_for_a_queue_of_another_fleet(order, other):
    broker = Broker()
    broker.obey(order)
    for tail in ("", ".dead", ".62811", ".retry"):
        for kind, name in list(broker.things):
            if kind == "policy" and other != order.stem:
                assert not re.search(broker.things[kind, name]["pattern"], other + tail)


def test_where_the_broker_must_not_lose_messages_it_refuses_more_and_keeps_them_until_confirmed():
    broker, _ = declared(classes=("62811",), class_wait_s=2, retry_delay_s=3, lifetime_s=60)
    for name, ttl_ms in (("sms", 60_000), ("sms.62811", 2000), ("sms.retry", 3000)):
        limits = broker.limits(name)
        assert (limits["overflow"], limits["dead-letter-strategy"]) == ("reject-publish", "at-least-once")
        assert limits["message-ttl"] == ttl_ms
    for name in ("sms.dead", "sms.results"):
        assert "dead-letter-exchange" not in broker.limits(name)
        assert broker.limits(name)["message-ttl"] == 86_400_000


def test_a_new_limit_changes_the_policies_only():
    broker, order = declared(classes=("62811",), devices=("pi",))
    before = dict(broker.things)
    steps = plan(Order(classes=order.classes, devices=order.devices, class_wait_s=7, replies=False), broker.things)
    changed = {step.thing.name: step.note for step in steps if step.action != "keep"}
    assert changed["otpb-sms-class"] == "message-ttl: 5000 → 7000"
    assert "amq" in changed["pi"]
    assert set(changed) == {"otpb-sms-class", "pi"}
    assert broker.things == before


@pytest.mark.parametrize(
    ("thing", "facts", "key"),
    [
        (Thing("exchange", "sms.in", {}), {"type": "topic"}, "fleet.other_exchange"),
        (Thing("exchange", "sms.in", {}), {"arguments": {}}, "fleet.other_exchange"),
        (queue("sms"), {"arguments": {}}, "fleet.other_queue"),
        (queue("sms"), {"arguments": {"x-queue-type": "quorum", "x-message-ttl": 5}}, "fleet.other_queue"),
        (queue("sms.62811"), {"durable": False}, "fleet.other_queue"),
        (Thing("user", "pi", {}), {"tags": ["administrator"]}, "fleet.other_user"),
        (binding("sms.in", "copies", "62811"), {}, "fleet.second_way"),
        (binding("sms.in", "exchange copies", "62811"), {"destination_type": "exchange"}, "fleet.second_way"),
        (binding("sms.in", "sms.62812", "62811"), {}, "fleet.second_way"),
        (binding("sms.default", "copies"), {}, "fleet.second_way"),
        (
            Thing("policy", "all", {"pattern": ".*", "apply-to": "all", "priority": PRIORITY}),
            {"definition": {}},
            "fleet.overruled",
        ),
    ],
)
def test_what_is_there_otherwise_is_refused_by_name(thing, facts, key):
    broker, order = declared(classes=("62811", "62812"), devices=("pi",))
    broker.things[thing.kind, thing.name] = broker.things.get((thing.kind, thing.name), thing.facts) | facts
    (refused,) = refusals(plan(order, broker.things))
    assert (refused.key, refused.params["name"]) == (key, thing.name)


@pytest.mark.parametrize(
    "thing",
    [
        binding("sms.in", "sms.62899", "62899"),
        binding("sms.results", "report"),
        binding("elsewhere", "sms"),
        Thing("policy", "all", {"pattern": ".*", "apply-to": "all", "priority": PRIORITY - 1, "definition": {}}),
        Thing("policy", "x", {"pattern": "^other$", "apply-to": "all", "priority": 500, "definition": {}}),
        Thing("policy", "x", {"pattern": "(?<n>", "apply-to": "all", "priority": 500, "definition": {}}),
        Thing("policy", "x", {"pattern": "sms", "apply-to": "exchanges", "priority": 500, "definition": {}}),
    ],
)
def test_what_does_no_harm_is_left_alone(thing):
    broker, order = declared(classes=("62811",))
    broker.add(thing)
    assert {step.action for step in plan(order, broker.things)} == {"keep"}


def test_where_a_queue_lives_is_the_operators_affair():
    broker, order = declared()
    there = broker.things["queue", "sms"]
    there["arguments"] = {"x-queue-type": "quorum", "x-quorum-initial-group-size": 5}
    assert refusals(plan(order, broker.things)) == []


def test_the_exchange_of_the_publishers_comes_when_all_behind_it_is_there():
    things = [(thing.kind, thing.name) for thing in desired(Order(classes=("62811",)))]
    at = things.index(("exchange", "sms.in"))
    assert {name for kind, name in things[:at] if kind == "queue"} == {
        "sms",
        "sms.62811",
        "sms.dead",
        "sms.retry",
        "sms.results",
    }
    assert ("binding", "sms.default → sms") in things[:at]


def test_a_class_goes_in_two_steps_and_only_where_it_is():
    broker, _ = declared(classes=("62811", "62812"))
    steps = plan(Order(removed=("62811", "62899")), broker.things)
    gone = [(step.thing.kind, step.thing.name) for step in steps if step.action == "remove"]
    assert gone == [("binding", "sms.in → sms.62811 (62811)"), ("queue", "sms.62811")]
