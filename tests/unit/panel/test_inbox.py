import re

import pytest

from fakes.panel import NOTHING, PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.dispatch import (
    Alarm,
    DispatchStatus,
    Done,
    Inbox,
    InboxDelete,
    InboxMessage,
    InboxMessages,
    ModemFacts,
    Status,
)

PIECE = {"HX-Request": "true"}


def modem(name, state="ready"):
    facts = {"active": True, "sms_api": True, "default_modem": False, "connected": True, "registered": True}
    return ModemFacts(id=name, name=f"Modem {name}", port="/dev/x", state=state, **facts)


def incoming(key="SM:1", sender="+628110000001", at="2026-05-12T10:00:00+00:00", text="Halo", **more):
    return InboxMessage(key=key, sender=sender, received_at=at, text=text, **more)


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    full = Alarm(key="modem.store_full", params={"modem": "sim1", "store": "SM", "used": 19, "total": 20})
    here.dispatch.answers |= {
        Status: DispatchStatus(
            version="0", uptime_s=1, modems=[modem("sim0"), modem("sim1", "searching")], counters=NOTHING, alarms=[full]
        ),
        Inbox: InboxMessages(messages=[incoming()]),
        InboxDelete: Done(),
    }
    return here


@pytest.fixture
def browser(here):
    return here.browser()


def fields(text, action):
    form = re.search(rf'action="{action}">(.*?)</form>', text, re.DOTALL)[1]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_the_page_asks_no_modem_and_each_is_read_by_itself(here, browser):
    page = browser.get("/inbox").text
    assert not here.dispatch.verbs(Inbox)
    assert re.findall(r'hx-get="([^"]+)"', page) == ["/inbox?modem=sim0"]
    assert page.count('href="/inbox?modem=') == 2
    assert "nearly full" in page or "Delete some messages so that new ones can arrive" in page
    piece = browser.get("/inbox?modem=sim0", **PIECE)
    assert "<html" not in piece.text
    assert "12\u00a0May\u00a02026, 17:00" in piece.text
    whole = browser.get("/inbox?modem=sim0").text
    assert "Halo" in whole
    assert "Modem sim1" not in whole


def test_what_strangers_sent_is_shown_as_text(here, browser):
    here.dispatch.answers[Inbox] = InboxMessages(
        messages=[
            incoming("SM:1", "<b>BANK", text="<img src=x onerror=alert(1)>"),
            incoming("SM:2,3", "3636", text="bagian 1", complete=False),
            incoming("ME:4", "", "", "", complete=False),
        ]
    )
    told = browser.get("/inbox?modem=sim0").text
    assert "&lt;img src=x onerror=alert(1)&gt;" in told
    assert "&lt;b&gt;BANK" in told
    assert "parts are missing" in told
    assert "Cannot be read" in told
    assert told.count('action="/sms/to"') == 1
    assert fields(told, "/sms/to")["recipient"] == "3636"


def test_a_message_is_answered_by_the_modem_that_has_it(browser):
    reply = fields(browser.get("/inbox?modem=sim0").text, "/sms/to")
    page = browser.post("/sms/to", reply).text
    assert 'value="+628110000001"' in page
    assert '<option value="sim0" selected>' in page


def test_a_message_is_deleted_after_asking_and_only_if_it_is_still_that_one(here, browser):
    chosen = fields(browser.get("/inbox?modem=sim0").text, "/inbox/delete")
    asked = browser.post("/inbox/delete", chosen)
    assert "+628110000001" in asked.text
    assert "12\u00a0May\u00a02026, 17:00" in asked.text
    assert not here.dispatch.verbs(InboxDelete)
    sure = dict(re.findall(r'name="(modem|key|mark)" value="([^"]*)"', asked.text))
    here.dispatch.answers[Inbox] = InboxMessages(messages=[incoming(text="another")])
    assert browser.post("/inbox/deleted", sure).to == "/inbox?modem=sim0"
    assert not here.dispatch.verbs(InboxDelete)
    here.dispatch.answers[Inbox] = InboxMessages(messages=[incoming()])
    assert "Another message lies there now" in browser.get("/inbox").text
    browser.post("/inbox/deleted", sure)
    assert [(verb.modem, verb.key) for verb in here.dispatch.verbs(InboxDelete)] == [("sim0", "SM:1")]
    entry = here.settings.call(AuditTrail()).entries[0]
    assert (entry.action, entry.subject) == ("audit.inbox_deleted", "sim0")


def test_nonsense_deletes_nothing(here, browser):
    for key in ("", "SM:1;AT", "sm:1"):
        assert browser.post("/inbox/deleted", {"modem": "sim0", "key": key, "mark": ""}).status == 303
    assert browser.post("/inbox/delete", {"at": "nan"}).status == 200
    assert not here.dispatch.verbs(InboxDelete)


def test_a_modem_that_does_not_answer_says_so_in_its_place(here, browser):
    here.dispatch.answers[Inbox] = BrokerError(ResponseCode.FAILED, "modem.hung")
    assert "does not answer any more" in browser.get("/inbox?modem=sim0", **PIECE).text
    assert browser.get("/inbox?modem=sim0").status == 200
    assert "no modem sim9" in browser.get("/inbox?modem=sim9").text.lower()
    browser.post("/inbox/deleted", {"modem": "sim0", "key": "SM:1", "mark": "x"})
    assert "does not answer any more" in browser.get("/inbox").text
    here.dispatch.answers.clear()
    assert "not running" in browser.get("/inbox").text
