import pytest

from otpbroker.config.sections.ddns import AfraidSection, CloudflareSection, DdnsSection, PublicAddressSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.ddns import DdnsState, DdnsStatus, RecordState, Updated, UpdateNow
from otpbroker.verbs.dispatch import Alarm

FORM = {
    "name": "Kantor",
    "provider": "cloudflare",
    "zone": "contoh.com",
    "record_name": "otp",
    "type": "A",
    "ttl": "1",
    "interval": "300",
    "active": "true",
}


def records(here):
    return here.store.load(DdnsSection).ddns


def stands(**values):
    usual = {"name": "Kantor", "provider": "cloudflare", "host": "otp.contoh.com", "type": "A", "state": "current"}
    return RecordState(**usual | values)


def test_a_record_from_its_making_to_its_end(here, browser):
    page = browser.post("/ddns/add", FORM | {"ttl": "7", "interval": "5", "record_name": "o t p"})
    assert (page.status, page.text.count('class="error"')) == (422, 2)  # what one field cannot be comes first
    assert 'value="o t p"' in page.text
    assert browser.post("/ddns/add", FORM | {"ttl": "7", "zone": ""}).text.count('class="error"') == 2
    assert browser.post("/ddns/add", FORM).to == "/ddns"
    assert records(here)[0].ttl == 1
    assert browser.post("/ddns/proxy?key=Kantor").status == 303
    assert records(here)[0].proxied
    assert "Unproxied" in browser.get("/ddns").text
    assert browser.post("/ddns/unproxy?key=Kantor", {"back": "list"}).to == "/ddns"
    assert not records(here)[0].proxied
    browser.post("/ddns/deactivate?key=Kantor")
    assert not records(here)[0].active
    assert browser.post("/ddns/delete?key=Kantor").to == "/ddns"
    assert records(here) == ()


def test_only_cloudflare_stands_before_a_device(here, browser):
    browser.post("/ddns/add", FORM | {"provider": "noip"})
    assert "/ddns/proxy" not in browser.get("/ddns").text + browser.get("/ddns/view?key=Kantor").text
    browser.post("/ddns/edit?key=Kantor", FORM | {"provider": "noip", "proxied": "true"})
    assert "Only Cloudflare can do that" in browser.get("/ddns/view?key=Kantor").text


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (
            stands(address="198.51.100.7", updated=1e9, key="ddns.good", params={"address": "198.51.100.7"}),
            "Up to date",
        ),
        (stands(state="stopped", key="ddns.abuse", answered=1e9), "has blocked the account for abuse"),
        (stands(state="failing", key="ddns.911", params={"word": "911"}, next_s=1799.2), "1800 seconds"),
        (stands(state="no_address", key="ddns.no_source", public=""), "Public address not known"),
    ],
)
def test_how_a_record_stands_is_said_in_plain_words(here, browser, record, words):
    browser.post("/ddns/add", FORM)
    here.ddns.answers[DdnsStatus] = DdnsState(records=[record], alarms=[])
    page = browser.get("/ddns/view?key=Kantor").text
    assert words in page
    assert ("Change its settings" in page) is (record.state == "stopped")
    assert "otp.contoh.com (A)" in browser.get("/ddns").text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Updated(done=True, key="ddns.good", params={"address": "198.51.100.7"}), "has the address 198.51.100.7 now"),
        (Updated(done=False, key="ddns.must_wait", params={"seconds": 1700}), "for 1700 seconds more"),
        (BrokerError(ResponseCode.FAILED, "ddns.unavailable"), "DDNS service does not run"),
    ],
)
def test_a_record_is_updated_at_once_and_the_answer_told(here, browser, answer, said):
    browser.post("/ddns/add", FORM)
    here.ddns.answers[UpdateNow] = answer
    assert browser.post("/ddns/update?key=Kantor").to == "/ddns/view?key=Kantor"
    last = here.settings.call(AuditTrail(limit=1)).entries[0].action
    assert (last == "audit.ddns_updated") is isinstance(answer, Updated)
    assert said in browser.get("/ddns/view?key=Kantor").text


def test_what_vendors_refuse_is_an_alarm_on_the_first_page(here, browser):
    alarm = Alarm(key="alarm.ddns_stopped", params={"name": "Kantor"})
    here.ddns.answers[DdnsStatus] = DdnsState(records=[stands(state="stopped")], alarms=[alarm])
    page = browser.get("/monitor").text
    assert "the vendor has refused it" in page
    assert "/ddns/view?key=Kantor" in page


def test_accounts_keep_their_secrets_and_know_their_records(here, browser):
    browser.post("/ddns/add", FORM)
    browser.post("/cloudflare", {"active": "true", "token": "v1.0-rahasia", "account_id": "0" * 32})
    browser.post("/cloudflare", {"active": "true", "token": "", "account_id": "0" * 32})
    assert here.store.load(CloudflareSection).token.reveal() == "v1.0-rahasia"
    page = browser.get("/cloudflare").text
    assert "v1.0-rahasia" not in page
    assert "/ddns/view?key=Kantor" in page
    assert browser.post("/cloudflare", {"endpoint": "http://cleartext.example"}).status == 422
    assert browser.post("/cloudflare", {"api_key": "x", "token.none": "on"}).status == 422
    browser.post("/afraid", {"active": "true", "password": "token"})
    browser.post("/afraid/deactivate")
    assert not here.store.load(AfraidSection).active
    assert "/ddns/add?provider=afraid" in browser.get("/afraid").text


def test_the_public_address_is_shown_where_its_source_is_chosen(here, browser):
    here.ddns.answers[DdnsStatus] = DdnsState(records=[stands(public="198.51.100.7")], alarms=[])
    assert "198.51.100.7" in browser.get("/public-address").text
    assert browser.post("/public-address", {"source": "web", "web_ipv4": "", "web_ipv6": "http://x"}).status == 422
    assert browser.post("/public-address", {"source": "interface", "interface": "ppp0"}).to == "/public-address"
    stored = here.store.load(PublicAddressSection)
    assert (stored.source, stored.interface, stored.web_ipv4) == ("interface", "ppp0", ())
