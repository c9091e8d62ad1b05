from dataclasses import replace

import pytest

from otpbroker.panel.checklist import STEPS, Situation, checklist
from otpbroker.panel.modem_cards import cards
from otpbroker.panel.operators import TELKOMSEL, XL
from otpbroker.verbs.dispatch import ModemFacts

FRESH = Situation(country_chosen=False, named=False, clock_right=True, cards=[], tested=False, users=0, country="62")


def modem(name, state="ready", *, prefixes=(), default=False, active=True, **said):
    entry = {"id": name, "name": name, "port": "", "active": active, "default_modem": default}
    facts = ModemFacts(
        id=name,
        name=name,
        port="",
        active=active,
        sms_api=True,
        default_modem=default,
        connected=True,
        registered=True,
        state=state,
        **said,
    )
    return cards([{**entry, "recipient_prefix": list(prefixes)}], [facts])[0]


def states(**now):
    return {step.name: step.state for step in checklist(replace(FRESH, **now)).steps}


def test_a_fresh_device_begins_with_its_country():
    found = checklist(FRESH)
    assert found.next == "country"
    assert [step.name for step in found.steps] == list(STEPS)
    assert states()["modems"] == "todo"
    assert {states()[name] for name in ("prefixes", "default", "test")} == {"cannot"}


def test_one_modem_needs_neither_prefixes_nor_a_default():
    now = states(cards=[modem("a")])
    assert (now["modems"], now["prefixes"], now["default"], now["test"]) == ("done", "done", "done", "todo")


@pytest.mark.parametrize(
    ("fleet", "prefixes", "default"),
    [
        ([modem("a"), modem("b")], "todo", "todo"),
        ([modem("a", default=True), modem("b")], "todo", "done"),
        ([modem("a", default=True), modem("b", prefixes=["62811"])], "done", "done"),
        ([modem("a"), modem("b", active=False)], "done", "done"),
        ([modem("a", "starting"), modem("b", "pin_required")], "cannot", "todo"),
    ],
)
def test_several_modems_share_the_numbers(fleet, prefixes, default):
    now = states(cards=fleet)
    assert (now["prefixes"], now["default"]) == (prefixes, default)


def test_prefixes_are_offered_where_there_are_none_and_the_operator_is_known():
    fleet = [modem("a", imsi="510101234567890"), modem("b", imsi="510111", prefixes=["62817"]), modem("c")]
    assert checklist(replace(FRESH, cards=fleet)).offers == {"a": TELKOMSEL}
    assert not checklist(replace(FRESH, cards=fleet, country="60")).offers
    assert checklist(replace(FRESH, cards=[modem("d", operator="XL")])).offers == {"d": XL}


def test_a_device_with_all_of_it_is_ready():
    found = checklist(replace(FRESH, country_chosen=True, named=True, cards=[modem("a")], tested=True, users=1))
    assert found.is_ready
    assert found.next == ""


def test_an_open_page_is_told_the_steps_that_changed():
    before = checklist(replace(FRESH, cards=[modem("a", "searching")]))
    after = checklist(replace(FRESH, cards=[modem("a", "ready")]))
    assert [step.name for step in after.changed(before.seen)] == ["modems", "test"]
    assert not after.changed(after.seen)
    assert len(after.changed("nonsense")) == len(STEPS)


def test_modems_that_wait_for_somebody_are_shown_at_once():
    assert replace(FRESH, cards=[modem("a", "searching")]).needs_hand
    assert replace(FRESH, cards=[modem("a"), modem("b", "pin_required")]).needs_hand
    assert not replace(FRESH, cards=[modem("a"), modem("b", "searching")]).needs_hand
