import re

import pytest

from fakes.panel import PanelHere
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, RemoveEntry

EDIT = "/api-users/edit?key=toko"
GENERAL = {"language": "id", "time_zone": "Asia/Jakarta", "currency": "IDR", "ntp_interval": "3600"}


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    here.settings.call(AddEntry(section="api_users", key="toko", values={"password": Secret("rahasia-sekali-2")}))
    return here


def seen(told):
    return re.search(r'name="seen" value="(\w+)"', told.text)[1]


def stored(here):
    (user,) = here.desk.section("api_users")["api_users"]
    return user["name"], user["phone"]


def test_of_two_who_edit_one_entry_the_second_looks_first(here):
    budi, siti = here.browser(), here.browser()
    of_budi, of_siti = seen(budi.get(EDIT)), seen(siti.get(EDIT))
    assert budi.post(EDIT, {"phone": "62811", "active": "true", "seen": of_budi}).status == 303
    told = siti.post(EDIT, {"name": "Toko Siti", "active": "true", "seen": of_siti})
    assert (told.status, "changed elsewhere" in told.text, 'value="Toko Siti"' in told.text) == (422, True, True)
    assert stored(here) == ("", "62811")
    again = {"name": "Toko Siti", "phone": "62811", "active": "true", "seen": seen(told)}
    assert siti.post(EDIT, again).status == 303
    assert stored(here) == ("Toko Siti", "62811")


def test_so_it_is_with_a_page_of_settings(here):
    budi, siti = here.browser(), here.browser()
    before = seen(siti.get("/general"))
    assert (
        budi.post(
            "/general", {**GENERAL, "ntp_server": "pool.ntp.org", "device_name": "Kotak Budi", "seen": before}
        ).status
        == 303
    )
    told = siti.post("/general", {**GENERAL, "ntp_server": "pool.ntp.org", "device_name": "Kotak Siti", "seen": before})
    assert (told.status, "changed elsewhere" in told.text) == (422, True)
    assert here.loaded().general.device_name == "Kotak Budi"
    assert (
        siti.post(
            "/general", {**GENERAL, "ntp_server": "pool.ntp.org", "device_name": "Kotak Siti", "seen": seen(told)}
        ).status
        == 303
    )
    assert here.loaded().general.device_name == "Kotak Siti"


def test_so_it_is_with_ones_own_account(here):
    phone, desktop = here.browser(), here.browser()
    before = seen(phone.get("/account"))
    assert phone.post("/account", {"name": "Budi", "seen": before}).status == 303
    assert desktop.post("/account", {"name": "Pak Budi", "seen": before}).status == 422


def test_what_is_wrong_too_is_told_with_it(here):
    browser = here.browser()
    told = browser.post(
        "/general", {**GENERAL, "ntp_server": "pool.ntp.org", "device_name": "", "seen": "0123456789abcdef"}
    )
    assert ("changed elsewhere" in told.text, "(2)" in told.text) == (True, True)


def test_what_somebody_else_deleted_is_told_as_gone(here):
    browser = here.browser()
    browser.get(EDIT)
    here.settings.call(RemoveEntry(section="api_users", key="toko"))
    told = browser.post(EDIT, {"name": "x", "active": "true"})
    assert (told.status, "There is no toko here" in told.text) == (404, True)
