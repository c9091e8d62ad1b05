"""The pages of what and how the device sends: SMS settings, limits, codes, e-mail accounts, local SMTP."""

import re

import pytest

from fakes.panel import ADMIN, PanelHere
from otpbroker.config.sections.mail import EmailSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.forms import fields_of
from otpbroker.panel.pages.email import ACCOUNTS, LOCAL
from otpbroker.panel.pages.sms_settings import SETTINGS
from otpbroker.panel.words import PAIRS
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, SetEntry
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.mail import AccountFacts, Mailed, MailFacts, MailStatus, TestAccount

PLAIN = (*SETTINGS, LOCAL)
PASSWORD = "canary-sandi-aplikasi"


@pytest.fixture
def here(tmp_path):
    return PanelHere(tmp_path)


@pytest.fixture
def browser(here):
    signed_in = here.browser()
    signed_in.get("/email-accounts")
    return signed_in


def account(here, name="kantor", **values):
    values = {"host": "smtp.gmail.com", "sender": "kantor@gmail.com", "password": PASSWORD} | values
    secrets = {key: Secret(value) for key, value in values.items()}
    assert not here.settings.call(AddEntry(section="email", key=name, values=secrets)).problems


def fares(here, **facts):
    given = {"name": "kantor", "sender": "kantor@gmail.com", "state": "ready"} | facts
    here.mail.answers[MailStatus] = MailFacts(accounts=[AccountFacts(**given)])


@pytest.mark.parametrize("of", [*PLAIN, ACCOUNTS], ids=lambda of: of.section)
def test_every_field_is_shown_with_its_name_and_help_in_both_languages(of):
    shown = [name for group in of.groups for name in group.names]
    assert sorted(shown) == sorted(fields_of(of.section))
    for field in fields_of(of.section).values():
        assert field.label in PAIRS
        assert field.help in PAIRS


@pytest.mark.parametrize("setting", PLAIN, ids=lambda of: of.section)
def test_a_page_opens_and_what_it_shows_can_be_saved_unchanged(here, browser, setting):
    page = browser.get(setting.path)
    assert page.status == 200
    before = here.desk.section(setting.section)
    typed = dict(re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"(?: value="([^"]*)")?', page.text))
    typed |= {name: ",".join(value) for name, value in before.items() if isinstance(value, list)}
    typed |= {name: before[name] for name, field in fields_of(setting.section).items() if field.kind == "choice"}
    typed = {name: value for name, value in typed.items() if before.get(name) is not False and name != "csrf"}
    assert browser.post(setting.path, typed).to == setting.path
    assert here.desk.section(setting.section) == before


def test_choices_and_whole_seconds_are_told_in_words_and_numbers(browser):
    page = browser.get("/sms-settings")
    assert "By tariff: the modem with the lowest price" in page.text
    assert 'value="60"' in page.text


def test_sms_settings_are_saved_or_all_errors_told_at_once(here, browser):
    typed = {"routing": "tariff", "country_code": "0", "deadline_s": "-1", "international_prefixes": "00"}
    typed |= {"recipient_prefix_length": "5", "lifetime_s": "300"}
    wrong = browser.post("/sms-settings", typed)
    assert (wrong.status, wrong.text.count('class="error"')) == (422, 2)
    assert browser.post("/sms-settings", typed | {"country_code": "60", "deadline_s": "20"}).status == 303
    sms = here.store.load(SmsSection)
    assert (sms.routing, sms.country_code, sms.deadline_s, sms.log_sms) == ("tariff", "60", 20, False)


def test_an_account_from_a_preset_its_whole_life(here, browser):
    form = browser.get("/email-accounts/add")
    preset = re.search(r'href="(/email-accounts/add\?[^"]*port=465[^"]*)"', form.text)[1].replace("&amp;", "&")
    form = browser.get(preset)
    assert 'value="smtp.gmail.com"' in form.text
    typed = {"name": "kantor", "host": "smtp.gmail.com", "port": "465", "tls": "true", "starttls": "true"}
    typed |= {"auth": "true", "sender": "kantor@gmail.com", "active": "true", "quota_day": "500"}
    assert browser.post("/email-accounts/add", typed).status == 422
    assert browser.post("/email-accounts/add", typed | {"password": PASSWORD}).to == "/email-accounts"
    (stored,) = here.store.load(EmailSection).email
    assert (stored.port, stored.tls, stored.password) == (465, True, Secret(PASSWORD))
    assert browser.post("/email-accounts/deactivate?key=kantor").status == 303
    assert not here.store.load(EmailSection).email[0].active
    typed |= {"quota_day": "100"}
    assert browser.post("/email-accounts/edit?key=kantor", typed).status == 303
    (stored,) = here.store.load(EmailSection).email
    assert (stored.quota_day, stored.active, stored.password) == (100, True, Secret(PASSWORD))
    assert browser.post("/email-accounts/delete?key=kantor").to == "/email-accounts"
    assert not here.store.load(EmailSection).email


def test_how_an_account_fares_is_told_on_its_page_and_in_the_list(here, browser):
    account(here)
    fares(
        here,
        state="resting",
        sent_today=37,
        quota_day=500,
        key="mail.refused_auth",
        params={"code": 535},
        last_error_at=1_700_000_000.0,
        retry_s=41.2,
    )
    for path in ("/email-accounts", "/email-accounts/view?key=kantor"):
        text = browser.get(path).text
        assert "Resting" in text
        assert "37 of 500" in text
        assert "refused the log-in (535)" in text
        assert "05:13:20" in text
        assert "42 seconds" in text
        assert PASSWORD not in text


@pytest.mark.parametrize("path", ["/email-accounts", "/email-accounts/view?key=kantor", "/local-smtp"])
def test_without_the_mail_service_pages_open_all_the_same(here, browser, path):
    account(here)
    here.mail.answers.clear()
    assert browser.get(path).status == 200


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Mailed(state="submitted", code=ResponseCode.SUCCESS, account="kantor"), "took the test mail"),
        (
            Mailed(state="failed", code=ResponseCode.FAILED, key="mail.refused_auth", params={"code": 535}),
            "refused the log-in (535)",
        ),
        (BrokerError(ResponseCode.INVALID_REQUEST, "mail.address"), "no e-mail address"),
    ],
)
def test_the_outcome_of_a_test_mail_is_told_in_words(here, browser, answer, told):
    account(here)
    fares(here)
    here.mail.answers[TestAccount] = answer
    sent = browser.post("/email-accounts/test?key=kantor", {"recipient": " siti@example.com "})
    assert (sent.status, sent.to) == (303, "/email-accounts/view?key=kantor")
    assert told in browser.get(sent.to).text
    (verb,) = here.mail.verbs(TestAccount)
    assert (verb.account, verb.recipient) == ("kantor", "siti@example.com")
    tested = [entry.subject for entry in here.settings.call(AuditTrail()).entries if "tested" in entry.action]
    assert tested == ["kantor"] * isinstance(answer, Mailed)


def test_the_local_server_says_why_it_is_not_recommended_and_where_the_relay_listens(here, browser):
    here.mail.answers[MailStatus] = MailFacts(relay="192.168.0.11:25")
    text = browser.get("/local-smtp").text
    assert "Not recommended" in text
    assert "192.168.0.11:25" in text
    here.mail.answers[MailStatus] = MailFacts()
    assert "Off: it needs" in browser.get("/local-smtp").text
    wrong = browser.post("/local-smtp", {"active": "true", "port": "25", "software_name": "OTP Broker"})
    assert wrong.status == 422


def test_a_test_mail_is_offered_to_the_administrators_own_address(here, browser):
    account(here)
    here.settings.call(SetEntry(section="admins", key=ADMIN, values={"email": Secret("budi@example.com")}))
    assert 'value="budi@example.com"' in browser.get("/email-accounts/view?key=kantor").text
