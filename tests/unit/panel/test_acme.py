import pytest

from otpbroker.config.sections.acme import LETS_ENCRYPT, AcmeSection
from otpbroker.verbs.acme import AcmeState, AcmeStatus
from otpbroker.verbs.audit import AuditTrail

FORM = {"active": "true", "names": "otp.contoh.com", "terms_agreed": "true", "name": "ACME", "directory": LETS_ENCRYPT}


def test_the_terms_must_be_agreed_to_and_a_name_given(here, browser):
    page = browser.post("/acme", {"active": "true", "name": "ACME", "directory": LETS_ENCRYPT})
    assert (page.status, page.text.count('class="error"')) == (422, 2)
    assert "Request certificate now" not in browser.get("/acme").text
    assert browser.post("/acme", FORM).to == "/acme"
    assert here.store.load(AcmeSection).names == ("otp.contoh.com",)
    assert "Request certificate now" in browser.get("/acme").text
    browser.post("/acme/deactivate")
    assert not here.store.load(AcmeSection).active


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AcmeState(), "None has been fetched yet"),
        (AcmeState(step="seen", names=("otp.contoh.com",)), "Waiting until the name servers show it"),
        (AcmeState(names=("otp.contoh.com",), done=True, key="acme.issued", ended=1e9), "Fetched"),
        (
            AcmeState(names=("a.b",), key="acme.rateLimited", params={"reason": "5 an hour", "name": "-"}, ended=1e9),
            "asked too often: 5 an hour",
        ),
    ],
)
def test_how_it_goes_is_told(here, browser, state, words):
    here.acme.answers[AcmeStatus] = state
    assert words in browser.get("/acme").text
    assert words in browser.get("/acme/status", **{"HX-Request": "true"}).text
    assert browser.get("/acme/status").to == "/acme"


def test_a_request_is_begun_or_refused_in_plain_words(here, browser):
    browser.post("/acme", FORM)
    assert browser.post("/acme/request").to == "/acme"
    assert "Fill in the account at Cloudflare first" in browser.get("/acme").text
    browser.post("/cloudflare", {"active": "true", "token": "v1.0-rahasia"})
    browser.post("/acme/request")
    assert "this page tells how it goes" in browser.get("/acme").text
    assert here.settings.call(AuditTrail(limit=1)).entries[0].action == "audit.certificate_ordered"
