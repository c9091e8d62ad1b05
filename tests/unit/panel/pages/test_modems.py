import re

import pytest

from fakes.panel import NOTHING, PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, SetEntry
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.dispatch import (
    DispatchStatus,
    Done,
    FoundModem,
    ModemFacts,
    RemoveSimPin,
    SetSimPin,
    Status,
)
from otpbroker.verbs.internet import InternetState

PIECE = {"HX-Request": "true"}


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    here.settings.call(AddEntry(section="modems", key="m0", values={"port": Secret("/dev/ttyUSB0")}))
    return here


def sees(here, *modems, found=(), internet=()):
    status = DispatchStatus(
        version="0",
        uptime_s=1,
        modems=list(modems),
        counters=NOTHING,
        alarms=[],
        found=list(found),
        internet=list(internet),
    )
    here.dispatch.answers[Status] = status


def facts(**said):
    common = {"id": "m0", "name": "m0", "port": "/dev/ttyUSB0", "active": True, "sms_api": True}
    return ModemFacts(
        **{**common, "default_modem": False, "connected": True, "registered": True, "state": "ready", **said}
    )


def stored(here):
    return {modem["id"]: modem for modem in here.desk.section("modems")["modems"]}


def test_cards_say_what_is_wrong_and_what_helps(here):
    sees(here, facts(state="absent", reason="modem.port_missing"))
    text = here.browser().get("/modems").text
    assert "Not plugged in" in text
    assert "unplugged?" in text
    assert "Plug it in again" in text


def test_the_page_opens_while_dispatch_is_down(here):
    del here.dispatch.answers[Status]
    browser = here.browser()
    assert "does not answer just now" in browser.get("/modems").text
    assert browser.get("/modems/view?key=m0").status == 200
    assert browser.get("/modems/edit?key=m0").status == 200


def test_an_open_page_hears_of_changes_only(here):
    sees(here, facts(operator="TELKOMSEL", signal_dbm=-71))
    browser = here.browser()
    page = browser.get("/modems").text
    live = page.partition('hx-get="/modems/live?')[2].partition('"')[0].replace("&amp;", "&")
    assert browser.get(f"/modems/live?{live}", **PIECE).status == 204
    sees(here, facts(operator="XL", signal_dbm=-71))
    told = browser.get(f"/modems/live?{live}", **PIECE)
    assert (told.status, "XL" in told.text, "<html" in told.text) == (200, True, False)
    now = browser.get("/modems/now?key=m0&seen=0", **PIECE)
    assert (now.status, "XL" in now.text) == (200, True)


def test_a_found_stick_is_added_by_one_touch(here):
    stick = FoundModem(name="HUAWEI E173 (USB 1.2)", port="/dev/ttyUSB4", imei="356938035643809")
    sees(here, found=[stick, FoundModem(name="E3372", reason="modem.hilink")])
    browser = here.browser()
    page = browser.get("/modems").text
    assert "Add this modem" in page
    assert "network card only" in page
    assert browser.post("/modems/found", {"port": "/dev/ttyUSB4", "back": "start"}).to == "/start"
    added = stored(here)["huawei-e173-usb-1-2"]
    assert (added["name"], added["port"], added["imei"]) == (stick.name, stick.port, stick.imei)
    assert browser.post("/modems/found", {"port": "/dev/ttyUSB9"}).to == "/modems"
    assert "no longer plugged in" in browser.get("/modems").text


def test_a_pin_that_the_sim_asks_for_is_stored_and_shown_nowhere(here):
    sees(here, facts(state="pin_required", reason="modem.pin_required", params={"tries": 3}))
    browser = here.browser()
    assert "Tries left: 3" in browser.get("/modems").text
    assert browser.post("/modems/pin?key=m0", {"pin": "47119", "back": "list"}).to == "/modems"
    assert stored(here)["m0"]["sim_pin"]
    assert "47119" not in browser.get("/modems").text + browser.get("/modems/view?key=m0").text
    assert "47119" in here.store.stored("modems").decode()


def test_what_is_no_pin_is_not_stored(here):
    browser = here.browser()
    browser.post("/modems/pin?key=m0", {"pin": "12a4", "back": "list"})
    assert not stored(here)["m0"]["sim_pin"]
    assert "4 to 8 digits" in browser.get("/modems").text


def test_the_lock_of_a_sim(here):
    sees(here, facts())
    here.dispatch.answers |= {SetSimPin: Done(), RemoveSimPin: Done()}
    browser = here.browser()
    assert browser.post("/modems/pin-on?key=m0", {"pin": "4711"}).to == "/modems/view?key=m0"
    assert here.settings.call(AuditTrail(limit=2)).entries[1].action == "audit.pin_set"
    assert stored(here)["m0"]["sim_pin"]
    browser.post("/modems/pin-off?key=m0", {"pin": "4711"})
    assert not stored(here)["m0"]["sim_pin"]
    assert [verb.pin.reveal() for verb in here.dispatch.asked if isinstance(verb, SetSimPin | RemoveSimPin)] == [
        "4711",
        "4711",
    ]


def test_a_lock_that_the_sim_refuses_is_not_stored(here):
    sees(here, facts())
    refusal = BrokerError(ResponseCode.FAILED, "modem.cause.incorrect_password", retry_after_s=None, cause=16)
    here.dispatch.answers[SetSimPin] = refusal
    browser = here.browser()
    browser.post("/modems/pin-on?key=m0", {"pin": "4711"})
    assert not stored(here)["m0"]["sim_pin"]
    assert "PIN is wrong" in browser.get("/modems/view?key=m0").text


def test_a_preset_fills_the_form_and_saves_nothing(here):
    browser = here.browser()
    browser.get("/modems/edit?key=m0")
    typed = {"name": "mine", "port": "/dev/ttyUSB0", "dial_number": "*99#", "dial_command": "ATDT", "preset": "Three"}
    filled = browser.post("/modems/preset?key=m0", typed)
    assert filled.status == 200
    assert 'value="mine"' in filled.text
    assert 'value="3data"' in filled.text
    assert stored(here)["m0"]["apn"] == ""
    typed |= {"apn_password.kept": re.search(r'name="apn_password.kept" value="([^"]+)"', filled.text)[1]}
    del typed["preset"]
    same = {"baud_rate": "115200", "parity": "N", "start_bits": "1", "stop_bits": "1", "quota_day": "0"}
    saved = {**typed, **same, "quota_month": "0", "apn": "3data", "apn_username": "3data", "active": "true"}
    assert browser.post("/modems/edit?key=m0", saved).status == 303
    assert "3data" in here.store.stored("modems").decode().partition("apn_password")[2]


def test_the_form_offers_the_ports_that_were_seen(here):
    sees(here, facts(port="/dev/ttyUSB0"), found=[FoundModem(name="ZTE", port="/dev/ttyUSB7", imei="1")])
    page = here.browser().get("/modems/add").text
    assert '<option value="/dev/ttyUSB7">ZTE</option>' in page


def test_tariffs_are_a_table_in_the_devices_currency(here):
    here.settings.call(SetEntry(section="modems", key="m0", values={"tariffs": Secret("0871:50,*:350,0871:10@100")}))
    page = here.browser().get("/modems/view?key=m0").text
    assert page.index("62871") < page.index("all others")
    assert "IDR\N{NO-BREAK SPACE}350" in page
    assert "from SMS number 100" in page


def test_a_search_finds_what_the_device_reads(here):
    sees(here, facts(operator="TELKOMSEL"))
    browser = here.browser()
    assert 'href="/modems/view?key=m0"' in browser.get("/modems?q=telkom").text
    assert "Nothing matches" in browser.get("/modems?q=axis").text


UP = InternetState(
    modem="m0", state="up", since=1_790_000_000, interface="lo", address="10.64.0.2", name_servers=["10.64.0.53"]
)


def connected(here, connection=UP, **said):
    """A modem that is to be connected, and how that fares."""
    here.settings.call(SetEntry(section="modems", key="m0", values={"internet_access": Secret("true")}))
    sees(here, facts(**said), internet=[connection])
    return here.browser()


def test_a_connection_is_shown_with_address_and_traffic(here):
    page = connected(here).get("/modems/view?key=m0").text
    for said in ("Internet: connected", "10.64.0.2", "10.64.0.53", "Received", "MB", "another port of the same modem"):
        assert said in page
    assert "Internet: connected" in here.browser().get("/modems").text


def test_what_one_port_means_is_said_plainly(here):
    browser = connected(here, state="internet", reason="modem.internet_only")
    assert "neither sends nor receives SMS" in browser.get("/modems/view?key=m0").text
    assert "Internet only" in browser.get("/modems").text
    assert "neither sends nor receives SMS" in off(here).get("/modems/view?key=m0").text


def off(here):
    here.settings.call(SetEntry(section="modems", key="m0", values={"internet_access": Secret("false")}))
    return here.browser()


def test_a_connection_that_fails_says_why_and_when_it_is_tried_again(here):
    state = InternetState(modem="m0", state="failed", since=1, key="dial.busy", failed_at=1, retry_s=40)
    browser = connected(here, state)
    page = browser.get("/modems/view?key=m0").text
    assert "line is busy" in page
    assert "after 40 seconds" in page
    assert "line is busy" in browser.get("/").text


def test_the_internet_is_switched_by_one_button(here):
    sees(here, facts())
    browser = here.browser()
    assert "Turn internet on" in browser.get("/modems/view?key=m0").text
    assert browser.post("/modems/connect?key=m0", {}).to == "/modems/view?key=m0"
    assert stored(here)["m0"]["internet_access"] is True
    page = browser.get("/modems/view?key=m0").text
    assert "Turn internet off" in page
    assert "No APN is set" in page
    browser.post("/modems/disconnect?key=m0", {})
    assert stored(here)["m0"]["internet_access"] is False
