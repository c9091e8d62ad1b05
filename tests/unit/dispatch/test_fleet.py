import datetime as dt
import time

import pytest

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.config.sections.sms import SmsSection
from otpbroker.dispatch import schema
from otpbroker.dispatch.explain import explain
from otpbroker.dispatch.fleet import Fleet
from otpbroker.dispatch.ledger import Ledger
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.modem.status import Identity, ModemState, ModemStatus
from otpbroker.system.clock import day_of

READY = ModemStatus(state=ModemState.READY, connected=True, registered=True)
NUMBER = "6281234567890"


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(tmp_path / "state.sqlite")
    yield made
    made.close()


def fleet_of(ledger, *modems, routing="prefix", zone="UTC", ready=True):
    fleet = Fleet(ledger)
    configure(fleet, *modems, routing=routing, zone=zone)
    for modem in modems if ready else ():
        fleet.set_status(modem.id, READY)
    return fleet


def configure(fleet, *modems, routing="prefix", zone="UTC"):
    fleet.configure(tuple(modems), SmsSection(routing=routing), GeneralSection(time_zone=zone))


def modem(modem_id="m0", **settings):
    return ModemSettings(id=modem_id, name=modem_id.upper(), **settings)


def obstacles(fleet):
    return {candidate.id: candidate.obstacle for candidate in fleet.candidates()}


def test_what_stands_in_a_modems_way(ledger):
    fleet = fleet_of(
        ledger, modem("off", active=False), modem("manual", sms_api=False), modem("day", quota_day=2),
        modem("month", quota_month=2), modem("ready"), modem("searching"), modem("absent"),
    )  # fmt: skip
    fleet.set_status("searching", ModemStatus(state=ModemState.SEARCHING, reason="modem.searching"))
    fleet.set_status("absent", ModemStatus())
    fleet.set_status("never configured", READY)
    for each in ("day", "month"):
        fleet.count(each, 2)
    assert obstacles(fleet) == {
        "off": "route.inactive", "manual": "route.sms_api_off", "day": "route.quota_day", "month": "route.quota_month",
        "ready": "", "searching": "modem.searching", "absent": "modem.state.absent",
    }  # fmt: skip
    assert fleet.choice(NUMBER).modems == ("ready",)


def test_a_quota_used_up_turns_the_route(ledger):
    fleet = fleet_of(ledger, modem("m0", quota_day=3), modem("m1", quota_month=2))
    assert fleet.choice(NUMBER).modems == ("m0", "m1")
    assert [fleet.count("m0", 1) for _ in range(3)] == [False, False, True]
    assert fleet.choice(NUMBER).modems == ("m1",)
    assert fleet.count("m1", 2)
    assert fleet.choice(NUMBER).modems == ()


def test_a_promotional_price_turns_the_route(ledger):
    fleet = fleet_of(
        ledger, modem("promo", tariffs=("*:300", "*:10@3")), modem("flat", tariffs=("*:200",)), routing="tariff"
    )
    assert fleet.choice(NUMBER).modems == ("flat",)
    assert fleet.price("flat", NUMBER, 3) == "600"
    fleet.count("promo", 1)
    assert fleet.choice(NUMBER).modems == ("flat",)
    assert fleet.count("promo", 1)
    assert fleet.choice(NUMBER).modems == ("promo",)
    assert fleet.price("promo", NUMBER, 1) == "10"
    assert fleet.price("nobody", NUMBER, 1) == ""


def test_routes_follow_status_and_settings(ledger):
    m0, m1 = modem("m0", recipient_prefix=("62812",)), modem("m1", recipient_prefix=("62871",))
    fleet = fleet_of(ledger, m0, m1)
    assert fleet.choice(NUMBER).modems == ("m0",)
    assert fleet.choice("6287112345678").modems == ("m1",)
    fleet.set_status("m0", ModemStatus(state=ModemState.RECOVERING))
    assert fleet.choice(NUMBER).modems == ("m1",)
    fleet.set_status("m0", READY)
    assert fleet.choice_without(NUMBER, ("m0",)).modems == ("m1",)
    configure(fleet, m1, modem("m0", recipient_prefix=("628123", "62871")))
    assert fleet.choice(NUMBER).modems == ("m0",)
    assert fleet.choice("6281299999999").modems == ("m1", "m0")
    assert fleet.choice("6287112345678").modems == ("m1", "m0")


def test_the_cache_of_routes_is_bounded_and_right(ledger):
    fleet = fleet_of(ledger, modem("m0", recipient_prefix=("62812345678",)), modem("m1"))
    for number in range(25_000):
        assert fleet.choice(f"62855{number:08}").modems == ("m1",)
    assert len(fleet._routes) <= 10_000
    assert fleet.choice("6281234567899").modems == ("m0",)


def test_counts_outlive_the_process(ledger):
    fleet = fleet_of(ledger, modem(quota_day=5))
    fleet.count("m0", 3)
    ledger.write_through("SELECT 1", ())
    again = fleet_of(ledger, modem(quota_day=5))
    assert (again.facts()[0].sent_today, again.facts()[0].sent_month) == (3, 3)
    again.count("m0", 2)
    assert obstacles(again) == {"m0": "route.quota_day"}


def test_counts_begin_anew_with_the_day_and_the_month(ledger):
    today = dt.date.fromisoformat(day_of(time.time(), "UTC"))
    earlier = today - dt.timedelta(days=1)
    for day, parts in [(today, 1), (earlier, 10), (today - dt.timedelta(days=40), 100), (today.replace(year=2050), 7)]:
        ledger.write_through(schema.COUNT_SENT, ("m0", day.isoformat(), parts))
    fleet = fleet_of(ledger, modem())
    same_month = earlier.month == today.month
    assert (fleet.facts()[0].sent_today, fleet.facts()[0].sent_month) == (1, 11 if same_month else 1)


def test_a_midnight_between(ledger):
    """Another time zone is another day; coming back finds the first one as it was left."""
    fleet = fleet_of(ledger, modem(quota_day=5), zone="Pacific/Kiritimati")  # UTC+14
    fleet.count("m0", 5)
    ledger.write_through("SELECT 1", ())
    configure(fleet, modem(quota_day=5), zone="Etc/GMT+12")  # UTC-12: 26 hours apart, never the same day
    assert (fleet.facts()[0].sent_today, obstacles(fleet)) == (0, {"m0": ""})
    fleet.count("m0", 1)
    configure(fleet, modem(quota_day=5), zone="Pacific/Kiritimati")
    assert (fleet.facts()[0].sent_today, obstacles(fleet)) == (5, {"m0": "route.quota_day"})


def test_new_settings_forget_no_count_that_the_disk_has_not(tmp_path):
    """The counts of a disk that refuses live in memory; a reload or a quarter of an hour must not drop them."""
    ledger = Ledger(tmp_path / "missing" / "state.sqlite")
    fleet = fleet_of(ledger, modem(quota_day=5, quota_month=9))
    fleet.count("m0", 5)
    configure(fleet, modem(quota_day=5, quota_month=9))
    fleet.set_status("m0", READY)
    assert (fleet.facts()[0].sent_today, fleet.facts()[0].sent_month) == (5, 5)
    assert obstacles(fleet) == {"m0": "route.quota_day"}
    ledger.close()


def test_facts_prefer_what_the_modem_says(ledger):
    settings = modem(port="/dev/ttyUSB0", imei="111", msisdn="6281100000000", smsc="62811")
    fleet = fleet_of(ledger, settings, ready=False)
    facts = fleet.facts()[0]
    assert (facts.state, facts.port, facts.imei, facts.smsc) == ("absent", "/dev/ttyUSB0", "111", "62811")
    identity = Identity(imei="222", model="E220")
    fleet.set_status("m0", ModemStatus(state=ModemState.READY, port="/dev/ttyUSB3", signal_dbm=-71, identity=identity))
    facts = fleet.facts()[0]
    assert (facts.state, facts.port, facts.imei, facts.model, facts.signal_dbm) == (
        "ready", "/dev/ttyUSB3", "222", "E220", -71,
    )  # fmt: skip
    configure(fleet, modem(active=False))
    assert fleet.facts()[0].state == "inactive"


def test_explain_names_the_rule_and_each_modems_reason(ledger):
    fleet = fleet_of(
        ledger, modem("m0"), modem("m1", recipient_prefix=("62812",), tariffs=("*:200", "62812:12.50")),
        modem("m2", active=False),
    )  # fmt: skip
    told = explain(NUMBER, fleet, "prefix", None)
    assert (told.modem, told.modems, told.key, told.params) == ("m1", ["m1"], "route.prefix", {"prefix": "62812"})
    assert told.msisdn_masked == "62812****890"
    assert [(step.modem, step.eligible, step.chosen, step.key, step.price) for step in told.steps] == [
        ("m1", True, True, "route.chosen", "12.5"),
        ("m0", True, False, "route.not_chosen", ""),
        ("m2", False, False, "route.inactive", ""),
    ]
    reason = BrokerError(ResponseCode.INVALID_NUMBER, "number.country", country="FR")
    refused = explain(NUMBER, fleet, "prefix", reason)
    assert (refused.modem, refused.modems, refused.refusal) == ("", ["m1"], "number.country")
    assert refused.refusal_params == {"country": "FR"}
    tariff = explain(NUMBER, fleet, "tariff", None)
    assert (tariff.routing, tariff.key, tariff.params) == ("tariff", "route.cheapest", {"price": "12.5"})
