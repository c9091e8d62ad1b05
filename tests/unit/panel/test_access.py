import pytest

from fakes.panel import ADMIN, HOST, PASSWORD, PanelHere
from otpbroker.config import setup_code
from otpbroker.panel.sessions import Notice
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import SetEntry


@pytest.fixture
def here(tmp_path):
    return PanelHere(tmp_path)


def test_a_fresh_device_makes_its_first_administrator_and_no_second(tmp_path):
    fresh = PanelHere(tmp_path, admin=False)
    browser = fresh.browser(signed_in=False)
    assert browser.get("/").to == "/setup"
    assert browser.get("/setup").status == 200
    wrong = browser.post("/setup", {"username": "siti", "password": "short"})
    assert wrong.status == 422
    assert "at least 10" in wrong.text
    made = browser.post("/setup", {"username": "siti", "name": "Siti", "password": "long enough 1"})
    assert (made.status, made.to) == (303, "/start")
    assert browser.get("/").status == 200
    other = fresh.browser(signed_in=False)
    assert other.post("/setup", {"username": "eve", "password": "long enough 2"}).to == "/login"
    assert list(fresh.desk.settings.admins) == ["siti"]


def test_from_elsewhere_nobody_is_made(tmp_path):
    fresh = PanelHere(tmp_path, admin=False)
    browser = fresh.browser(signed_in=False, set_up_side=False)
    assert browser.get("/setup").status == 403
    assert browser.post("/setup", {"username": "eve", "password": "long enough 2"}).status == 403
    assert not fresh.desk.settings.admins


CODE = "K7QM-3XWP-H9TD"


@pytest.fixture
def without_radio(tmp_path):
    """A fresh device that asks for its set-up code."""
    fresh = PanelHere(tmp_path, admin=False)
    fresh.paths.factory.mkdir(parents=True)
    setup_code.path(fresh.paths).write_text(f"{CODE}\n")
    return fresh


def test_with_the_set_up_code_the_first_administrator_is_made_from_any_side(without_radio):
    browser = without_radio.browser(signed_in=False, set_up_side=False)
    assert browser.get("/login").to == "/setup"
    assert 'name="setup_code"' in browser.get("/setup").text
    short = browser.post("/setup", {"username": "siti", "password": "short", "setup_code": CODE})
    assert (short.status, "at least 10" in short.text) == (422, True)
    made = browser.post("/setup", {"username": "siti", "password": "long enough 1", "setup_code": CODE.lower()})
    assert (made.status, made.to) == (303, "/start")
    other = without_radio.browser(signed_in=False, set_up_side=False)
    assert other.post("/setup", {"username": "eve", "password": "long enough 2", "setup_code": CODE}).to == "/login"
    assert list(without_radio.desk.settings.admins) == ["siti"]


def test_with_another_code_nobody_is_made(without_radio):
    browser = without_radio.browser(signed_in=False, set_up_side=False)
    browser.get("/setup")
    for fields in ({}, {"setup_code": ""}, {"setup_code": "AAAA-BBBB-CCCC"}):
        wrong = browser.post("/setup", {"username": "eve", "password": "long enough 2", **fields})
        assert wrong.status == 422
        assert "not the set-up code" in wrong.text
        assert 'value="eve"' in wrong.text
    assert not without_radio.desk.settings.admins


def test_whoever_guesses_codes_waits_and_others_do_not(without_radio):
    guesser = without_radio.browser(signed_in=False, set_up_side=False, address="10.0.0.66")
    guesser.get("/setup")
    fields = {"username": "eve", "password": "long enough 2"}
    for guess in range(10):
        assert guesser.post("/setup", {**fields, "setup_code": f"AAAA-BBBB-CCC{guess}"}).status == 422
    locked = guesser.post("/setup", {**fields, "setup_code": CODE})
    assert (locked.status, "retry-after" in locked.headers) == (429, True)
    owner = without_radio.browser(signed_in=False, set_up_side=False, address="10.0.0.2")
    owner.get("/setup")
    assert owner.post("/setup", {**fields, "setup_code": CODE}).to == "/start"


def test_from_the_access_point_no_code_is_asked_for(without_radio):
    browser = without_radio.browser(signed_in=False)
    assert 'name="setup_code"' not in browser.get("/setup").text
    assert browser.post("/setup", {"username": "siti", "password": "long enough 1"}).to == "/start"


def test_signing_in_and_out(here):
    browser = here.browser(signed_in=False)
    assert browser.get("/modems").place == "/login"
    wrong = browser.post("/login", {"username": ADMIN, "password": "wrong"})
    assert (wrong.status, PASSWORD in wrong.text) == (401, False)
    assert browser.post("/login", {"username": ADMIN, "password": PASSWORD}).to == "/"
    assert browser.get("/modems").status == 200
    cookie = browser.cookies["otpb_session"]
    assert browser.post("/logout").to == "/login"
    browser.cookies["otpb_session"] = cookie
    assert browser.get("/modems").place == "/login"


def test_a_form_from_another_site_or_without_a_token_is_refused(here):
    browser = here.browser()
    browser.get("/panel")
    assert browser.post("/panel", {"idle_s": "600"}, Origin="http://evil.example").status == 403
    assert browser.post("/panel", {"idle_s": "600"}, token="x" * 86).status == 403
    assert browser.post("/panel", {"idle_s": "600", "port": "8888"}).status == 303
    assert here.desk.settings.panel.idle_s == 600


def test_a_name_that_is_not_the_devices_is_refused(here):
    browser = here.browser(signed_in=False, host="evil.example:8888")
    assert browser.get("/login").status == 421
    browser.host = "otpbroker.local:8888"
    assert browser.get("/login").status == 200


def test_a_blocked_administrator_is_out_at_once(here):
    browser = here.browser()
    here.settings.call(SetEntry(section="admins", key=ADMIN, values={"blocked": Secret("true")}))
    assert browser.get("/").place == "/login"


def test_a_page_that_stands_open_keeps_nobody_signed_in_and_takes_no_notice(here):
    browser = here.browser()
    (session,) = here.desk.sessions.of(ADMIN)
    browser.get("/")
    seen = session.seen
    session.notices.append(Notice("done", "list.saved", {"name": "x"}))
    browser.get("/modems", **{"HX-Request": "true"})
    assert session.seen == seen
    assert "x was saved" in browser.get("/").text
    assert session.seen > seen


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "/\\/evil.example", "/\t/evil.example", "https:evil.example"]
)
def test_who_chooses_a_language_is_led_to_no_other_site(here, back):
    assert here.browser().post("/language", {"language": "id", "back": back}).to == "/"
    assert here.browser().post("/language", {"language": "id", "back": "/report?q=1"}).to == "/report?q=1"


@pytest.mark.parametrize(
    "name", ["Accept-Language", "User-Agent", "HX-Request", "Origin", "Referer", "X-CSRF-Token", "Host"]
)
def test_headers_that_are_no_utf_8_are_no_error(here, name):
    browser = here.browser(signed_in=False)
    assert browser.get("/login", **{name: "\xe9\xff"}).status == (421 if name == "Host" else 200)
    wrong = {"username": ADMIN, "password": "wrong"}
    told = browser.post("/login", wrong, **{name: "\xe9\xff"})
    assert told.status == {"Host": 421, "Origin": 403, "Referer": 401, "X-CSRF-Token": 303}.get(name, 401)


def test_a_form_of_unknown_length_is_not_read(here):
    browser = here.browser(signed_in=False)
    assert browser.post("/login", {"username": "x"}, **{"Transfer-Encoding": "chunked"}).status == 411


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=M; charset=nonesuch", "multipart/form-data; boundary=M"]
)
def test_a_form_in_a_charset_that_there_is_not_is_no_error(here, kind):
    head = b'--M\r\nContent-Disposition: form-data; name="csrf"\r\nContent-Type: text/plain; charset=nonesuch\r\n\r\n'
    headers = {"Content-Type": kind, "Origin": f"http://{HOST}"}
    told = here.browser(signed_in=False).request("POST", "/login", head + b"x\r\n--M--\r\n", headers)
    assert told.status == 400


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_what_came_by_https_never_goes_in_the_clear(here, scheme, secure):
    browser = here.browser(signed_in=False, scheme=scheme)
    cookies = [
        browser.get("/login").headers["set-cookie"],
        browser.post("/login", {"username": ADMIN, "password": PASSWORD}).headers["set-cookie"],
    ]
    browser.get("/account")
    cookies.append(browser.post("/language", {"language": "en"}).headers["set-cookie"])
    assert all(("Secure" in each) is secure for each in cookies)


def test_nobody_chooses_the_address_that_he_is_known_by(here):
    """Whatever a browser, or a script in its place, says of itself."""
    browser = here.browser(signed_in=False, address="192.168.0.66")
    forged = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Forwarded"), "10.9.9.9")
    browser.get("/login")
    browser.post("/login", {"username": ADMIN, "password": PASSWORD}, **forged)
    (session,) = here.desk.sessions.of(ADMIN)
    assert session.address == "192.168.0.66"
