"""A change that could lock its maker out: shown on every page until it is kept or taken back."""

import pytest

from fakes.panel import PanelHere
from otpbroker.config.sections.admins import PanelSection
from otpbroker.network.plan import Facts


class Machine:
    def __init__(self, store):
        self.store = store

    def facts(self):
        return Facts(panel=self.store.load(PanelSection), taken_over=True)

    def converge(self):
        return []


@pytest.fixture
def here(tmp_path):
    return PanelHere(tmp_path, host=Machine)


@pytest.fixture
def browser(here):
    browser = here.browser()
    moved = browser.post("/panel", {"port": "8890", "idle_s": "1800"})
    assert ("http://192.168.0.11:8890/panel" in moved.text, 'action="/confirm"' in moved.text) == (True, False)
    assert "within 60 seconds" in moved.text
    return browser


def port(here):
    return here.store.load(PanelSection).port


def test_every_page_asks_for_the_word(browser):
    for page in ("/general", "/modems", "/account"):
        shown = browser.get(page).text
        assert "Changed: panel." in shown
        assert 'action="/confirm"' in shown


def test_it_is_kept(here, browser):
    browser.get("/general")
    assert browser.post("/confirm", {"back": "/general"}).to == "/general"
    shown = browser.get("/general").text
    assert ("The change stays." in shown, "Changed: panel." in shown, port(here)) == (True, False, 8890)


def test_it_is_taken_back(here, browser):
    assert browser.post("/confirm/take-back", {"back": "https://elsewhere.example/"}).to == "/"
    assert ("was taken back" in browser.get("/general").text, port(here)) == (True, 8888)


def test_nothing_waits_any_more(here, browser):
    browser.post("/confirm", {})
    browser.get("/general")
    assert browser.post("/confirm", {}).status == 303
    assert "No change waits" in browser.get("/general").text
