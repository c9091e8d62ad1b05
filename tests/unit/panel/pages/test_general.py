import time

import pytest

from fakes.panel import PanelHere

PIECE = {"HX-Request": "true"}
GENERAL = {"device_name": "Kantor", "language": "en", "currency": "USD", "time_zone": "Asia/Makassar"}
GENERAL |= {"ntp_server": "time.example", "ntp_interval": "600"}


@pytest.fixture
def here(tmp_path):
    return PanelHere(tmp_path)


@pytest.fixture
def clock(here):
    """What the device's clock was set to; the machine keeps its own."""
    told = []
    here.settings._set_clock = told.append
    return told


def test_the_name_takes_effect_at_once(here):
    browser = here.browser()
    assert browser.post("/general", GENERAL).status == 303
    assert "General · Kantor</title>" in browser.get("/general").text
    assert here.desk.settings.general.currency == "USD"


def test_what_is_wrong_is_said_and_nothing_is_lost(here):
    browser = here.browser()
    wrong = browser.post("/general", {**GENERAL, "currency": "rupiah"})
    assert wrong.status == 422
    assert 'value="rupiah"' in wrong.text
    assert 'value="Kantor"' in wrong.text
    assert '<option value="Asia/Makassar" selected>' in wrong.text


def test_indonesias_time_zones_come_first(here):
    page = here.browser().get("/general").text
    places = [page.index(f'value="{name}"') for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
    assert places == sorted(places)
    assert places[-1] < page.index('value="Africa/Abidjan"')


def test_a_clock_that_differs_is_offered_to_be_set(here):
    browser = here.browser()
    off = browser.get(f"/clock?back=start&browser={time.time() + 3600:.0f}&zone=Asia/Jayapura", **PIECE).text
    assert "Set from this phone" in off
    assert "Asia/Jayapura" in off
    same = browser.get(f"/clock?back=start&browser={time.time():.0f}&zone=Asia/Jakarta", **PIECE).text
    assert "Set from this phone" not in same
    assert "The same as on this phone" in same


def test_the_clock_is_set_from_the_browser_or_by_hand(here, clock):
    browser = here.browser()
    assert browser.post("/clock", {"browser": "1800000000", "back": "start"}).to == "/start"
    assert browser.post("/clock", {"local": "2027-01-15T15:00", "back": "general"}).to == "/general"
    assert clock == [1_800_000_000, 1_800_000_000]  # Asia/Jakarta
    browser.post("/clock", {"local": "tomorrow", "browser": "12"})
    assert len(clock) == 2
    assert "no date and time" in browser.get("/general").text


def test_a_computer_keeps_its_own_clock_and_says_so(here):
    browser = here.browser()
    browser.post("/clock", {"browser": "1800000000", "back": "general"})
    assert "keeps its own clock" in browser.get("/general").text


def test_the_browsers_time_zone_is_taken(here):
    browser = here.browser()
    browser.post("/clock/zone", {"zone": "Asia/Jayapura", "back": "general"})
    assert here.desk.settings.general.time_zone == "Asia/Jayapura"
    browser.post("/clock/zone", {"zone": "Asia/Nowhere", "back": "general"})
    assert here.desk.settings.general.time_zone == "Asia/Jayapura"
