import pytest

from fakes.disk import read_only
from otpbroker.errors import BrokerError, ResponseCode


def test_what_was_typed_is_not_lost_where_the_disk_refuses(here, browser):
    with read_only(here.store.folder):
        told = browser.post("/general", {"device_name": "Kotak baru", "language": "id", "time_zone": "Asia/Jakarta"})
        added = browser.post("/api-users/add", {"username": "toko", "password": "rahasia-sekali-2", "active": "true"})
    assert (told.status, 'value="Kotak baru"' in told.text, "the old ones stay" in told.text) == (422, True, True)
    assert (added.status, 'value="toko"' in added.text, "the old ones stay" in added.text) == (422, True, True)
    assert ": Saving" not in told.text + added.text
    assert here.loaded().general.device_name == "OTP Broker"


@pytest.mark.parametrize(("key", "says"), [("apply.unavailable", "is not running"), ("apply.lost", "look whether")])
def test_nor_where_the_settings_process_goes_away(here, browser, monkeypatch, key, says):
    def away(_verb):
        raise BrokerError(ResponseCode.FAILED, key)

    page = browser.get("/callbacks")
    real = here.settings.call
    monkeypatch.setattr(here.settings, "call", lambda verb: away(verb) if hasattr(verb, "check_only") else real(verb))
    told = browser.post("/general", {"device_name": "Kotak baru", "language": "id", "time_zone": "Asia/Jakarta"})
    assert (told.status, 'value="Kotak baru"' in told.text, says in told.text) == (422, True, True)
    assert browser.post("/callbacks/activate").to == "/callbacks"
    shown = browser.get("/callbacks").text
    assert (says in shown, says in page.text) == (True, False)
