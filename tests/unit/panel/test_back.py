import pytest

from fakes.panel import ADMIN, HOST, PASSWORD, PanelHere
from otpbroker.panel.back import safe
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry


@pytest.fixture
def here(tmp_path):
    return PanelHere(tmp_path)


def expired(here):
    browser = here.browser()
    here.desk.sessions.end_where(lambda _: True)
    return browser


def sign_in(browser, address):
    page = browser.get(address)
    back = page.text.rpartition('name="back" value="')[2].partition('"')[0]
    fields = {"username": ADMIN, "password": PASSWORD, "back": back.replace("&amp;", "&")}
    return page, browser.post("/login", fields)


def test_whose_session_is_over_goes_on_where_he_was(here):
    browser = expired(here)
    away = browser.get("/modems?q=satu%26dua&page=2")
    page, back = sign_in(browser, away.to)
    assert "Your session is over" in page.text
    assert back.to == "/modems?q=satu%26dua&page=2"
    assert browser.get(away.to).to == back.to  # the same again, signed in


def test_who_was_never_signed_in_is_not_told_that_it_is_over(here):
    told = here.browser(signed_in=False).get("/modems")
    assert told.to == "/login?back=%2Fmodems"
    assert here.browser(signed_in=False).get("/").to == "/login"


def test_a_form_after_the_end_of_the_session_is_told_as_not_done(here):
    browser = expired(here)
    away = browser.post("/modems/deactivate?key=m0", {"back": "list"}, Referer=f"http://{HOST}/modems/view?key=m0")
    page, back = sign_in(browser, away.to)
    assert "nothing was saved or sent" in page.text
    assert back.to == "/modems/view?key=m0"


def test_a_piece_of_a_page_sends_back_to_the_page(here):
    current = {"HX-Request": "true", "HX-Current-URL": f"http://{HOST}/modems?q=x"}
    told = expired(here).get("/modems/live", **current)
    assert (told.status, told.headers["hx-redirect"]) == (204, "/login?told=over&back=%2Fmodems%3Fq%3Dx")


def test_a_wrong_password_keeps_where_to_go(here):
    browser = here.browser(signed_in=False)
    wrong = browser.post("/login", {"username": ADMIN, "password": "wrong", "back": "/sms"})
    assert (wrong.status, 'name="back" value="/sms"' in wrong.text) == (401, True)


def test_the_sign_in_page_of_a_process_that_is_gone_is_asked_once_more(here, tmp_path):
    browser = here.browser(signed_in=False)
    browser.get("/login")
    browser._wsgi = PanelHere(tmp_path).panel.wsgi
    told = browser.post("/login", {"username": ADMIN, "password": PASSWORD, "back": "/sms"})
    page, back = sign_in(browser, told.to)
    assert ("open for too long" in page.text, back.to) == (True, "/sms")


@pytest.mark.parametrize(
    "evil", ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "/a\nb", "", "x"]
)
def test_nobody_is_sent_to_another_site(here, evil):
    assert safe(evil) == "/"
    browser = here.browser(signed_in=False)
    assert browser.post("/login", {"username": ADMIN, "password": PASSWORD, "back": evil}).to == "/"


def test_a_stranger_does_not_choose_the_page(here):
    told = expired(here).post("/modems/deactivate?key=m0", {}, Referer="http://evil.example/modems")
    assert told.to == "/login?told=unsent"


def test_the_language_is_changed_on_the_page_of_one_entry(here):
    key = "a b&c"
    made = here.settings.call(AddEntry(section="api_users", key=key, values={"password": Secret("rahasia-sekali-1")}))
    assert made.changed, made
    page = here.browser().get("/api-users/edit?key=a%20b%26c")
    assert (page.status, 'name="back" value="/api-users/edit?key=a%20b%26c"' in page.text) == (200, True)
