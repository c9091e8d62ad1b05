import re
from contextlib import ExitStack
from html import unescape

import pytest

from fakes.panel import ADMIN, PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.slow import PLACES
from otpbroker.panel.words import PAIRS
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import SetSection
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.dispatch import Message, ModemFacts, ModemFactsList, ModemList, Send, Sent

TEXT = "Kode rahasia 918273"
KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')


def modem(name="sim0", state="ready", **more):
    facts = {"active": True, "sms_api": True, "default_modem": False, "connected": True, "registered": True} | more
    return ModemFacts(id=name, name=f"Modem {name}", port="/dev/x", state=state, **facts)


def sent(state="submitted", code=ResponseCode.SUCCESS, **more):
    return Sent(message_id="a" * 24, state=state, code=code, modem="sim0", parts=1, **more)


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    here.dispatch.answers[ModemList] = ModemFactsList(
        modems=[modem("sim1", "searching"), modem("sim0"), modem("sim2", active=False)]
    )
    here.dispatch.answers[Send] = sent(cost="350")
    return here


@pytest.fixture
def browser(here):
    browser = here.browser()
    browser.get("/sms")
    return browser


def send(browser, recipient="0812 3456 7890", text=TEXT, modem="", key="k1"):
    return browser.post("/sms", {"recipient": recipient, "text": text, "modem": modem, "idempotency_key": key})


def test_the_form_offers_active_modems_with_their_state_and_those_that_can_send_first(browser):
    page = browser.get("/sms").text
    assert re.findall(r'<option value="(\w*)"', page) == ["", "sim0", "sim1"]
    assert "Modem sim0 · ready" in page
    assert "Modem sim1 · searching for a network" in page
    assert '<option value="sim1" selected>' in browser.get("/sms?modem=sim1").text


def test_what_is_sent_goes_by_this_door_in_the_administrators_name(here, browser):
    told = send(browser, text="baris 1\r\nbaris 2", modem="sim1", key="form 1")
    (verb,) = here.dispatch.verbs(Send)
    assert (verb.door, verb.user, verb.msisdn, verb.modem) == ("panel", ADMIN, "0812 3456 7890", "sim1")
    assert (verb.text.reveal(), verb.short_code, verb.idempotency_key) == ("baris 1\nbaris 2", False, "form 1")
    assert told.status == 200
    assert "the network has taken the message" in told.text
    assert "Modem sim0" in told.text
    assert "IDR\u00a0350" in told.text
    entry = here.settings.call(AuditTrail()).entries[0]
    assert (entry.by, entry.action, entry.subject) == (ADMIN, "audit.sms_sent", "62812****890")


def test_the_text_is_in_no_answer_but_that_of_a_form_that_comes_back(here, browser):
    assert TEXT not in send(browser).text
    here.dispatch.answers[Send] = BrokerError(ResponseCode.NO_MODEM, "route.no_modem")
    told = send(browser)
    assert (told.status, TEXT in told.text) == (422, True)
    for path in ("/sms", "/", f"/sms/message?id={'a' * 24}"):
        here.dispatch.answers[Message] = sent()
        assert TEXT not in browser.get(path).text


def test_only_short_numbers_are_sent_as_short_ones(here, browser):
    send(browser, recipient="3636")
    send(browser, recipient="081234567890")
    assert [verb.short_code for verb in here.dispatch.verbs(Send)] == [True, False]


def test_what_is_wrong_is_told_without_asking_dispatch(here, browser):
    for fields, said in (
        ({"recipient": ""}, "The number is empty"),
        ({"recipient": "abc"}, "may only hold digits"),
        ({"recipient": "0" * 200}, "may only hold digits"),
        ({"text": ""}, "The message has no text"),
        ({"text": "x" * 1531}, "at most 10 are allowed"),
    ):
        told = send(browser, **fields)
        assert (told.status, said in told.text) == (422, True), fields
        assert "What you typed is still below" in told.text
    assert not here.dispatch.verbs(Send)


def test_every_refusal_keeps_the_form_and_says_what_to_do(here, browser):
    for code in set(ResponseCode) - {ResponseCode.SUCCESS}:
        here.dispatch.answers[Send] = BrokerError(code, f"code.{code.value}")
        told = send(browser)
        assert told.status == (429 if code is ResponseCode.LIMIT else 422)
        assert PAIRS[f"code_help.{code.value}"][0] in unescape(told.text)
        assert TEXT in told.text
        assert "0812 3456 7890" in told.text


def test_a_message_that_did_not_go_comes_back_with_the_reason(here, browser):
    for word, said in (
        (
            sent("failed", ResponseCode.FAILED, key="modem.cause.congestion", params={"cause": 42}),
            "congested (cause 42)",
        ),
        (sent("expired", ResponseCode.EXPIRED, key="message.expired_in_queue"), "expired before a modem was free"),
        (sent("unknown", ResponseCode.OUTCOME_UNKNOWN, key="message.no_answer_in_time"), "Ask the recipient before"),
    ):
        here.dispatch.answers[Send] = word
        told = send(browser)
        assert (told.status, said in told.text, TEXT in told.text) == (200, True, True)


def test_a_form_that_comes_back_is_another_message_and_one_sent_twice_is_the_same(here, browser):
    first = KEY.search(browser.get("/sms").text)[1]
    send(browser, key=first)
    send(browser, key=first)
    here.dispatch.answers[Send] = BrokerError(ResponseCode.INVALID_REQUEST, "idempotency.other_content")
    back = send(browser, key=first, text="other")
    assert {verb.idempotency_key for verb in here.dispatch.verbs(Send)} == {first}
    assert KEY.search(back.text)[1] != first
    assert "was sent before with other content" in back.text


def test_while_dispatch_is_down_the_form_opens_and_keeps_what_was_typed(here, browser):
    del here.dispatch.answers[ModemList], here.dispatch.answers[Send]
    page = browser.get("/sms")
    assert (page.status, "The sending service is not running" in page.text) == (200, True)
    told = send(browser, modem="sim7")
    assert (told.status, TEXT in told.text) == (503, True)
    assert '<option value="sim7" selected>' in told.text


def test_the_counter_follows_the_codec(browser, here):
    def piece(text):
        return browser.post("/sms/measure", {"text": text}, **{"HX-Request": "true"}).text

    assert "1 of 10 parts" in piece("a" * 160)
    assert "2 of 10 parts" in piece("a" * 161)
    assert "GSM-7" in piece("a\r\nb")
    assert "3 characters" in piece("a\r\nb")
    assert "count as 2" in piece("€")
    wide = piece("“halo” 🔐")
    assert "UCS-2" in wide
    assert "<code>🔐</code>" in wide
    assert "Too long" in piece("a" * 1531)
    hint = piece("“halo”" + "a" * 100)
    assert "With transliteration switched on it would take 1 part" in hint
    here.settings.call(SetSection(section="sms", values={"transliterate": Secret("true")}))
    on = piece("“halo”" + "a" * 100)
    assert "Sent with these changes" in on
    assert "1 of 10 parts" in on


def test_without_scripts_the_button_counts_and_sends_nothing(here, browser):
    page = browser.post("/sms/measure", {"recipient": "0812", "text": "<b>kode</b>", "modem": "sim1"})
    assert "11 characters" in page.text
    assert "&lt;b&gt;kode&lt;/b&gt;" in page.text
    assert '<option value="sim1" selected>' in page.text
    assert not here.dispatch.verbs(Send)


def test_characters_that_cannot_be_seen_are_named(browser):
    assert "U+00A0" in browser.post("/sms/measure", {"text": "a\u00a0b"}, **{"HX-Request": "true"}).text


def test_a_message_tells_later_how_it_stands(here, browser):
    here.dispatch.answers[Message] = sent("delivered")
    assert "the phone has confirmed it" in browser.get(f"/sms/message?id={'a' * 24}").text
    here.dispatch.answers[Message] = BrokerError(ResponseCode.INVALID_REQUEST, "message.unknown")
    assert "No such message" in browser.get("/sms/message?id=x").text


def test_too_many_that_wait_are_refused_and_keep_their_form(here, browser):
    with ExitStack() as others:
        for _ in range(PLACES):
            others.enter_context(here.desk.slow.place())
        told = send(browser)
        assert (told.status, TEXT in told.text, here.dispatch.verbs(Send)) == (429, True, [])
    assert send(browser).status == 200


def test_a_reply_opens_the_form_with_the_number(browser):
    page = browser.post("/sms/to", {"recipient": "+62811", "modem": "sim0"})
    assert 'value="+62811"' in page.text
    assert '<option value="sim0" selected>' in page.text
