import re

import pytest

from fakes.panel import ADMIN, NOTHING, PanelHere
from otpbroker.config import passwords
from otpbroker.config.sections.api import ApiUsersSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, SetEntry
from otpbroker.verbs.dispatch import (
    DispatchStatus,
    FoundModem,
    LedgerRow,
    LedgerRows,
    Messages,
    ModemFacts,
    Send,
    Sent,
    Status,
)

PIECE = {"HX-Request": "true"}


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    here.dispatch.answers[Messages] = LedgerRows(messages=[])
    return here


def add(here, *names):
    for name in names:
        here.settings.call(AddEntry(section="modems", key=name, values={"port": Secret(f"/dev/{name}")}))


def sees(here, *modems, found=()):
    status = DispatchStatus(
        version="0", uptime_s=1, modems=list(modems), counters=NOTHING, alarms=[], found=list(found)
    )
    here.dispatch.answers[Status] = status


def facts(name, state="ready", **said):
    common = {"id": name, "name": name, "port": "", "active": True, "sms_api": True, "default_modem": False}
    return ModemFacts(**{**common, "connected": True, "registered": True, "state": state, **said})


def stored(here):
    return {modem["id"]: modem for modem in here.desk.section("modems")["modems"]}


def state_of(page, step):
    return re.search(rf'id="state-{step}"[^>]*><span class="badge (\w+)"', page)[1]


def test_a_fresh_device_says_what_to_do_next(here):
    page = here.browser().get("/start").text
    assert "Next: Country" in page
    assert [state_of(page, step) for step in ("country", "modems", "test")] == ["off", "off", "off"]
    assert "Plug in a modem" in page


def test_the_country_sets_code_and_language(here):
    browser = here.browser()
    assert browser.post("/start/country", {"country_code": "60", "other_code": ""}).to == "/start"
    assert (here.desk.settings.sms.country_code, here.desk.settings.general.language) == ("60", "en")
    browser.post("/start/country", {"country_code": "62", "other_code": ""})
    assert (here.desk.settings.sms.country_code, here.desk.settings.general.language) == ("62", "id")
    assert state_of(browser.get("/start").text, "country") == "good"
    browser.post("/start/country", {"country_code": "62", "other_code": "299"})
    assert here.desk.settings.sms.country_code == "299"


def test_a_code_that_is_none_is_shown_again(here):
    wrong = here.browser().post("/start/country", {"country_code": "62", "other_code": "0x"})
    assert wrong.status == 422
    assert 'value="0x"' in wrong.text
    assert here.desk.settings.sms.country_code == "62"


def test_the_name(here):
    browser = here.browser()
    browser.post("/start/name", {"device_name": "Kantor"})
    page = browser.get("/start").text
    assert "· Kantor</title>" in page
    assert state_of(page, "name") == "good"
    assert browser.post("/start/name", {"device_name": ""}).status == 422


def test_modems_appear_while_the_page_stands_open(here):
    browser = here.browser()
    page = browser.get("/start").text
    live = re.search(r'hx-get="(/start/live[^"]*)"', page)[1].replace("&amp;", "&")
    assert browser.get(live, **PIECE).status == 204
    add(here, "m0")
    sees(here, facts("m0", operator="TELKOMSEL"), found=[FoundModem(name="ZTE", port="/dev/x", imei="1")])
    told = browser.get(live, **PIECE).text
    assert "TELKOMSEL" in told
    assert "Add this modem" in told
    assert state_of(told, "modems") == "good"
    assert re.search(r'<details[^>]* id="step-test"[^>]* hx-swap-oob="true"', told)
    assert "step-country" not in told.partition("progress")[0]


def test_prefixes_of_a_known_operator_are_filled_in(here):
    add(here, "m0", "m1")
    sees(here, facts("m0", imsi="510101234567890"), facts("m1", imsi="510111234567890"))
    browser = here.browser()
    page = browser.get("/start").text
    assert "0811, 0812" in page
    assert browser.post("/start/prefixes", {"prefixes.m0": "0811, 0812", "prefixes.m1": "0816"}).to == "/start"
    assert [modem["recipient_prefix"] for modem in stored(here).values()] == [["62811", "62812"], ["62816"]]
    wrong = browser.post("/start/prefixes", {"prefixes.m0": "0855", "prefixes.m1": "abc"})
    assert (wrong.status, ">abc</textarea>" in wrong.text, ">0855</textarea>" in wrong.text) == (422, True, True)
    assert stored(here)["m0"]["recipient_prefix"] == ["62811", "62812"]


def test_one_modem_is_the_default(here):
    add(here, "m0", "m1")
    here.settings.call(SetEntry(section="modems", key="m0", values={"default_modem": Secret("true")}))
    browser = here.browser()
    assert browser.post("/start/default", {"modem": "m1"}).to == "/start"
    assert [modem["default_modem"] for modem in stored(here).values()] == [False, True]
    assert browser.post("/start/default", {"modem": "m9"}).status == 422


def test_a_test_sms_goes_by_the_chosen_modem(here):
    add(here, "m0")
    sees(here, facts("m0"))
    here.settings.call(SetEntry(section="admins", key=ADMIN, values={"phone": Secret("081234567890")}))
    sent = Sent(message_id="0" * 24, state="submitted", code=ResponseCode.SUCCESS, modem="m0", parts=1)
    here.dispatch.answers[Send] = sent
    browser = here.browser()
    assert 'value="081234567890"' in browser.get("/start").text
    assert browser.post("/start/test", {"modem": "m0", "number": "0812 3456 7890"}).to == "/start"
    assert "the network has taken the SMS" in browser.get("/start").text
    (verb,) = here.dispatch.verbs(Send)
    assert (verb.door, verb.modem, verb.msisdn) == ("panel", "m0", "0812 3456 7890")


@pytest.mark.parametrize(
    "answer",
    [
        Sent(message_id="0" * 24, state="failed", code=ResponseCode.FAILED, key="modem.no_reference", modem="m0"),
        BrokerError(ResponseCode.FAILED, "modem.no_reference", retry_after_s=None),
    ],
)
def test_a_test_sms_that_failed_says_why(here, answer):
    add(here, "m0")
    sees(here, facts("m0"))
    here.dispatch.answers[Send] = answer
    failed = here.browser().post("/start/test", {"modem": "m0", "number": "0811"})
    assert failed.status == 422
    assert "OK without a reference" in failed.text
    assert 'value="0811"' in failed.text


def test_an_api_user_is_made_and_its_password_shown_once(here):
    browser = here.browser()
    made = browser.post("/start/api-user", {"username": "toko"})
    assert made.status == 200
    password = re.search(r'id="password"[^>]*><code>([^<]+)<', made.text)[1]
    (user,) = here.store.load(ApiUsersSection).api_users
    assert passwords.verify(Secret(password), user.password_hash)
    assert "http://192.168.0.11:8889/api/sms" in made.text
    assert "curl" in made.text
    again = browser.get("/start").text
    assert password not in again
    assert state_of(again, "api") == "good"
    assert browser.post("/start/api-user", {"username": "toko"}).status == 422


def test_a_device_that_is_ready_says_so(here):
    add(here, "m0")
    sees(here, facts("m0"))
    row = LedgerRow(
        message_id="0" * 24,
        accepted_at=0,
        door="panel",
        user="",
        msisdn_masked="",
        state="submitted",
        modem="m0",
        parts=1,
        units=1,
        reason="",
        latency_ms=1,
        cost="",
        resent=False,
    )
    here.dispatch.answers[Messages] = LedgerRows(messages=[row])
    browser = here.browser()
    browser.post("/start/country", {"country_code": "62"})
    browser.post("/start/name", {"device_name": "OTP Broker"})
    browser.post("/start/api-user", {"username": "toko"})
    assert "This device is ready" in browser.get("/start").text


def test_the_page_opens_while_dispatch_is_down(here):
    here.dispatch.answers.clear()
    page = here.browser().get("/start")
    assert page.status == 200
    assert "does not answer just now" in page.text
