import pytest

from fakes.panel import PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.dispatch import Done, ModemFacts, ModemFactsList, ModemList, Ussd, UssdAnswer, UssdCancel


def modem(name, **more):
    facts = {"active": True, "sms_api": True, "default_modem": False, "connected": True, "registered": True} | more
    return ModemFacts(id=name, name=f"Modem {name}", port="/dev/x", state="ready", **facts)


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    here.dispatch.answers[ModemList] = ModemFactsList(modems=[modem("sim0"), modem("sim1")])
    return here


@pytest.fixture
def browser(here):
    return here.browser()


def answer(status, text="Pulsa Rp 25.000"):
    return UssdAnswer(modem="sim0", status=status, text=text)


def test_a_code_is_run_and_its_answer_shown_as_text(here, browser):
    assert '<option value="*888#">' in browser.get("/ussd").text
    here.dispatch.answers[Ussd] = answer(0, "<script>alert(1)</script>\nRp 5")
    told = browser.post("/ussd", {"modem": "sim1", "code": " *888# "})
    (verb,) = here.dispatch.verbs(Ussd)
    assert (verb.modem, verb.code) == ("sim1", "*888#")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nRp 5" in told.text
    assert "Done" in told.text
    entry = here.settings.call(AuditTrail()).entries[0]
    assert (entry.action, entry.subject) == ("audit.ussd", "sim1")
    assert "Rp 5" not in browser.get("/ussd").text


def test_an_open_session_is_answered_or_ended(here, browser):
    here.dispatch.answers[Ussd] = answer(1, "1 Pulsa")
    told = browser.post("/ussd", {"modem": "sim0", "code": "*123#"}).text
    assert "The network waits for an answer" in told
    assert 'name="modem" value="sim0"' in told
    assert "*123#" not in told
    here.dispatch.answers[UssdCancel] = Done()
    told = browser.post("/ussd/cancel", {"modem": "sim0", "code": "9"})
    assert (told.status, "The session was ended" in told.text) == (200, True)
    assert here.dispatch.verbs(UssdCancel)[0].modem == "sim0"


def test_every_state_of_a_session_has_words(here, browser):
    for status, said in (
        (2, "has ended the session"),
        (3, "Something else on the SIM"),
        (4, "does not support this code"),
        (5, "did not answer in time"),
        (9, "Unknown state 9"),
    ):
        here.dispatch.answers[Ussd] = answer(status, "")
        assert said in browser.post("/ussd", {"modem": "sim0", "code": "*1#"}).text
    here.dispatch.answers[Ussd] = answer(0, "")
    assert "The network sent no text" in browser.post("/ussd", {"modem": "sim0", "code": "*1#"}).text


def test_what_cannot_be_dialled_is_told_without_asking(here, browser):
    for code in ("", "*1#\r\nAT", "abc", "1" * 161):
        told = browser.post("/ussd", {"modem": "sim0", "code": code})
        assert (told.status, "only digits" in told.text or "USSD code" in told.text) == (422, True)
    assert not here.dispatch.verbs(Ussd)


def test_errors_of_modem_and_dispatch_keep_what_was_typed(here, browser):
    here.dispatch.answers[Ussd] = BrokerError(ResponseCode.FAILED, "modem.port_missing")
    told = browser.post("/ussd", {"modem": "sim1", "code": "*888#"})
    assert (told.status, "Plug the modem in again" in told.text) == (422, True)
    assert 'value="*888#"' in told.text
    assert '<option value="sim1" selected>' in told.text
    here.dispatch.answers.clear()
    told = browser.post("/ussd", {"modem": "sim1", "code": "*888#"})
    assert (told.status, "not running" in told.text, 'value="*888#"' in told.text) == (503, True, True)
    assert browser.post("/ussd/cancel", {"modem": "sim1"}).status == 503
