import re

import pytest

from fakes.panel import PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.pages import restart


class Device:
    """A machine that is ours, as far as restarts go."""

    def __init__(self, store):
        self.restarted = []
        self.refuses = False

    def facts(self):
        return None

    def converge(self):
        return []

    def restart(self, what):
        if self.refuses:
            raise BrokerError(ResponseCode.FAILED, "system.refused", what="Reboot", reason="busy")
        self.restarted.append(what)


@pytest.fixture
def here(tmp_path):
    return PanelHere(tmp_path, host=Device)


@pytest.fixture
def device(here):
    return here.settings._host


@pytest.mark.parametrize(("what", "words"), [("services", "The services restart"), ("device", "The device restarts")])
def test_it_is_asked_first_then_done_and_the_page_waits(here, device, what, words):
    browser = here.browser()
    assert f"/restart/sure?what={what}" in browser.get("/restart").text
    sure = browser.get(f"/restart/sure?what={what}").text
    assert "finished first" in sure
    assert device.restarted == []
    page = browser.post("/restart/now", {"what": what}).text
    assert device.restarted == [what]
    assert words in page
    assert re.search(r'http-equiv="refresh" content="\d+; url=/"', page)
    assert 'data-life="' in page


def test_the_next_life_of_the_panel_is_told_from_this_one(here, monkeypatch):
    """Also to a browser whose session has ended with it."""
    browser = here.browser()
    life = re.search(r'data-life="([^"]+)"', browser.post("/restart/now", {"what": "device"}).text)[1]
    stranger = here.browser(signed_in=False)
    assert stranger.get("/restart/life").text == life
    monkeypatch.setattr(restart, "_LIFE", "another")
    assert stranger.get("/restart/life").text == "another"


def test_a_refusal_is_said(here, device):
    device.refuses = True
    browser = here.browser()
    assert browser.post("/restart/now", {"what": "device"}).to == "/restart"
    assert "refused Reboot" in browser.get("/restart").text


def test_a_computer_that_is_not_ours_goes_on(tmp_path):
    browser = PanelHere(tmp_path).browser()
    assert browser.post("/restart/now", {"what": "device"}).to == "/restart"


def test_a_schedule_is_kept_and_what_is_none_refused(here):
    browser = here.browser()
    assert browser.post("/restart", {"restart_services": "", "restart_device": "Sun 03:30"}).status == 303
    assert here.desk.settings.general.restart_device == "Sun 03:30"
    wrong = browser.post("/restart", {"restart_services": "25:00", "restart_device": "Sun 03:30"})
    assert wrong.status == 422
    assert 'value="25:00"' in wrong.text
    assert "Write it as 03:30" in wrong.text
