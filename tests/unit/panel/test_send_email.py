import re

import pytest

from fakes.panel import ADMIN, PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.mail import AccountFacts, DeliverMail, Mailed, MailFacts, MailStatus

TEXT = "Kode rahasia 918273"


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    accounts = [
        AccountFacts(name="kantor", sender="otp@kantor.example", state="ready"),
        AccountFacts(name="lama", sender="x@lama.example", state="inactive", active=False),
        AccountFacts(name="cadangan", sender="y@lain.example", state="quota_used"),
    ]
    here.mail.answers[MailStatus] = MailFacts(accounts=accounts)
    here.mail.answers[DeliverMail] = Mailed(state="submitted", code=ResponseCode.SUCCESS, account="kantor")
    return here


@pytest.fixture
def browser(here):
    return here.browser()


def send(browser, **more):
    fields = {"recipient": "siti@example.com", "subject": "Kode", "text": TEXT, "account": "", "idempotency_key": "k"}
    return browser.post("/send-email", fields | more)


def test_a_mail_goes_by_this_door_in_the_administrators_name(here, browser):
    page = browser.get("/send-email").text
    assert re.findall(r'<option value="(\w*)"', page) == ["", "kantor", "cadangan"]
    assert "today&#39;s quota is used" in page
    told = send(browser, account="kantor", subject="Kode\r\nBcc: eve@example.com", text="a\r\nb")
    (verb,) = here.mail.verbs(DeliverMail)
    assert (verb.door, verb.user, verb.recipient, verb.account) == ("panel", ADMIN, "siti@example.com", "kantor")
    assert (verb.subject, verb.text.reveal(), verb.idempotency_key) == ("Kode Bcc: eve@example.com", "a\nb", "k")
    assert (told.status, "the mail server has taken the mail" in told.text, "kantor" in told.text) == (200, True, True)
    entry = here.settings.call(AuditTrail()).entries[0]
    assert (entry.by, entry.action, entry.subject) == (ADMIN, "audit.email_sent", "s****@example.com")


def test_the_text_is_in_no_answer_but_that_of_a_form_that_comes_back(here, browser):
    assert TEXT not in send(browser).text
    here.mail.answers[DeliverMail] = Mailed(
        state="failed", code=ResponseCode.FAILED, key="mail.refused_auth", params={"code": 535}
    )
    told = send(browser)
    assert (told.status, TEXT in told.text, "refused the log-in (535)" in told.text) == (200, True, True)
    assert TEXT not in browser.get("/send-email").text


def test_an_unknown_outcome_speaks_of_no_modem(here, browser):
    here.mail.answers[DeliverMail] = Mailed(
        state="unknown", code=ResponseCode.OUTCOME_UNKNOWN, account="kantor", key="mail.no_answer"
    )
    told = send(browser).text
    assert "Ask the recipient before you send it again" in told
    assert "modem" not in re.search(r'id="outcome">(.*?)</section>', told, re.DOTALL)[1]


def test_what_is_wrong_is_told_without_asking_mail(here, browser):
    for fields, said in (
        ({"recipient": "siti"}, "no e-mail address"),
        ({"text": ""}, "The message has no text"),
        ({"text": "x" * 65537}, "a mail takes at most 65536"),
    ):
        told = send(browser, **fields)
        assert (told.status, said in told.text) == (422, True)
    assert not here.mail.verbs(DeliverMail)


def test_without_an_account_the_way_to_one_is_shown(here, browser):
    here.mail.answers[MailStatus] = MailFacts()
    told = browser.get("/send-email").text
    assert "no active e-mail account" in told
    assert 'href="/email-accounts">E' in told
    here.mail.answers[DeliverMail] = BrokerError(ResponseCode.FAILED, "mail.no_account")
    told = send(browser)
    assert (told.status, TEXT in told.text, "No e-mail account is set up" in told.text) == (422, True, True)


def test_while_mail_is_down_the_form_opens_and_keeps_what_was_typed(here, browser):
    here.mail.answers.clear()
    assert browser.get("/send-email").status == 200
    here.mail.answers[DeliverMail] = BrokerError(ResponseCode.FAILED, "mail.unavailable", retry_after_s=3)
    told = send(browser, account="kantor")
    assert (told.status, TEXT in told.text, "not running" in told.text) == (503, True, True)
    assert '<option value="kantor" selected>' in told.text
