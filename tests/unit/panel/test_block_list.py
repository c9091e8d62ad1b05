import re

import pytest

from fakes.panel import PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.msisdn import canonical
from otpbroker.panel.pages.block_list import matching
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.dispatch import Block, BlockedList, BlockEntries, BlockEntry, DeleteBlocked, Done, Unblock

NUMBER = "6281234567890"


class Blocking(PanelHere):
    """A dispatch that has a block list."""

    def __init__(self, folder):
        super().__init__(folder)
        self.listed = {}
        self.dispatch.answers |= {
            BlockedList: lambda _: BlockEntries(
                block_list=[BlockEntry(msisdn=each, blocked=blocked) for each, blocked in sorted(self.listed.items())]
            ),
            Block: lambda verb: self.put(verb, blocked=True),
            Unblock: lambda verb: self.put(verb, blocked=False),
            DeleteBlocked: self.delete,
        }

    def put(self, verb, *, blocked):
        number = canonical(verb.msisdn, "62", ("00",))
        self.listed[number] = blocked
        return Done(msisdn=number)

    def delete(self, verb):
        if verb.msisdn not in self.listed:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "number.not_listed")
        del self.listed[verb.msisdn]
        return Done(msisdn=verb.msisdn)


@pytest.fixture
def here(tmp_path):
    return Blocking(tmp_path)


@pytest.fixture
def browser(here):
    browser = here.browser()
    browser.get("/block-list")
    return browser


def numbers(told):
    return re.findall(r'class="number">(\d+)<', told.text)


def test_a_number_is_blocked_unblocked_and_deleted(here, browser):
    assert "No number is listed" in browser.get("/block-list").text
    told = browser.post("/block-list/add", {"number": "0812-3456-7890"})
    assert (told.status, told.to, here.listed) == (303, "/block-list", {NUMBER: True})
    shown = browser.get("/block-list")
    assert numbers(shown) == [NUMBER]
    assert "62812****890 is blocked" in shown.text
    browser.post("/block-list/unblock", {"number": NUMBER})
    assert here.listed == {NUMBER: False}
    assert "Unblocked" in browser.get("/block-list").text
    browser.post("/block-list/block", {"number": NUMBER})
    asked = browser.post("/block-list/delete", {"number": NUMBER})
    assert (asked.status, f"Delete {NUMBER}?" in asked.text, here.listed) == (200, True, {NUMBER: True})
    assert browser.post("/block-list/deleted", {"number": NUMBER}).status == 303
    assert here.listed == {}
    browser.get("/block-list")
    browser.post("/block-list/deleted", {"number": NUMBER})
    assert "not on the block list" in browser.get("/block-list").text
    entries = here.settings.call(AuditTrail()).entries
    assert [entry.action for entry in reversed(entries)][-4:] == [
        "audit.number_blocked",
        "audit.number_unblocked",
        "audit.number_blocked",
        "audit.block_deleted",
    ]
    assert {entry.subject for entry in entries[:4]} == {"62812****890"}


def test_a_wrong_number_comes_back(browser, here):
    told = browser.post("/block-list/add", {"number": "081 <x>"})
    assert (told.status, 'value="081 &lt;x&gt;"' in told.text, "may only hold digits" in told.text) == (422, True, True)


def test_ten_thousand_numbers_are_turned_over_and_searched(here, browser):
    here.listed = {f"62812{at:08d}": True for at in range(10_000)}
    first = browser.get("/block-list")
    assert numbers(first) == sorted(here.listed)[:50]
    assert "Page 1 of 200" in first.text
    assert numbers(browser.get("/block-list?page=200")) == sorted(here.listed)[-50:]
    found = browser.post("/block-list", {"q": "0812 0000 12", "page": "2"})
    assert numbers(found) == [f"6281200001{at:03d}" for at in range(250, 300)] or len(numbers(found)) == 50
    assert "0812 0000 12" in found.text
    assert "Nothing matches" in browser.post("/block-list", {"q": "99999999"}).text
    told = browser.post("/block-list/unblock", {"number": "6281200001234", "q": "1234", "page": "1"})
    assert (told.status, "gets messages again" in told.text) == (200, True)
    assert not here.listed["6281200001234"]
    assert all("1234" in number for number in numbers(told))
    assert browser.post("/block-list/unblock", {"number": "6281200001235", "page": "3"}).to == "/block-list?page=3"


def test_no_form_or_link_puts_a_number_into_an_address(here, browser):
    here.listed = {NUMBER: True}
    text = browser.post("/block-list", {"q": "0812"}).text
    assert NUMBER in text
    assert not re.search(rf'(href|action)="[^"]*{NUMBER[3:]}', text)
    assert 'method="get"' not in text


def test_what_a_search_finds():
    listed = [BlockEntry(msisdn=each, blocked=True) for each in ("6281234567890", "6590812345", "628551110812")]
    assert [entry.msisdn for entry in matching(listed, "0812-3", "62")] == ["6281234567890", "6590812345"]
    assert [entry.msisdn for entry in matching(listed, "+62 855", "62")] == ["628551110812"]
    assert matching(listed, "", "62") == listed
    assert not matching(listed, "abc", "62")


def test_while_dispatch_is_down_the_page_opens(here, browser):
    here.dispatch.answers.clear()
    assert "not running" in browser.get("/block-list").text
    told = browser.post("/block-list/add", {"number": "0812345678"})
    assert (told.status, 'value="0812345678"' in told.text) == (503, True)
    browser.post("/block-list/block", {"number": NUMBER})
    assert "not running" in browser.get("/block-list").text
