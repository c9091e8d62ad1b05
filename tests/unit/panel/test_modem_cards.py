import pytest

from otpbroker.panel.modem_cards import ADVICE, bars, cards, mark
from otpbroker.panel.words import PAIRS
from otpbroker.verbs.dispatch import ModemFacts

ENTRY = {
    "id": "m0",
    "name": "Huawei",
    "port": "/dev/ttyUSB0",
    "active": True,
    "imei": "",
    "recipient_prefix": ["62811"],
}


def facts(**said):
    common = {"id": "m0", "name": "x", "port": "", "active": True, "sms_api": True, "default_modem": False}
    return ModemFacts(**{**common, "connected": True, "registered": True, "state": "ready", **said})


def card(entry=ENTRY, **said):
    return cards([entry], [facts(**said)])[0]


@pytest.mark.parametrize(("dbm", "shown"), [(None, 0), (-113, 0), (-109, 1), (-90, 2), (-85, 3), (-75, 4), (-51, 4)])
def test_signal_in_bars(dbm, shown):
    assert bars(dbm) == shown


def test_a_pin_is_asked_for_where_it_would_be_tried():
    asked = card(state="pin_required", reason="modem.pin_required", params={"tries": 3})
    assert (asked.asks_pin, asked.tries) == (True, 3)
    assert card(state="pin_refused", reason="modem.pin_refused").asks_pin
    assert not card(state="pin_required", reason="modem.pin_last_try").asks_pin
    assert not card(state="pin_required", reason="modem.locked", params={"lock": "PH-SIM PIN"}).asks_pin
    assert not card(state="puk_required", reason="modem.puk_required").asks_pin


def test_a_modem_that_is_switched_off_or_unknown_says_so():
    assert card({**ENTRY, "active": False}).state == "inactive"
    assert cards([ENTRY], [])[0].state == "unknown"


def test_a_modem_that_may_work_is_not_marked_anew_for_a_whiff_of_signal():
    before = mark([card(signal_dbm=-71)], [])
    assert mark([card(signal_dbm=-69)], []) == before
    assert mark([card(signal_dbm=-99)], []) != before
    assert mark([card(signal_dbm=-71, sent_today=1)], []) != before


def test_it_is_found_by_what_it_shows():
    shown = card(operator="TELKOMSEL", imei="356938035643809")
    assert all(shown.matches(each) for each in ("huawei", "telkom", "3569", "ttyusb0", "62811"))
    assert not shown.matches("axis")


def test_every_advice_has_words():
    assert all(f"modems.do.{each}" in PAIRS for each in ADVICE)
