"""Administrators, one's own account, sessions, and the trail of what they did."""

import re
import time

import pytest

from fakes.panel import ADMIN, PASSWORD, PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, SetEntry
from otpbroker.verbs.audit import NOBODY, AuditTrail, Record

OTHER, OTHER_PASSWORD = "siti", "kata sandi siti"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"


@pytest.fixture
def here(tmp_path):
    return PanelHere(tmp_path)


@pytest.fixture
def two(here):
    """A panel with two administrators."""
    values = {"password": Secret(OTHER_PASSWORD)}
    assert here.settings.call(AddEntry(section="admins", key=OTHER, values=values)).changed
    return here


def signed_in(here, username=ADMIN, password=PASSWORD, **options):
    """A browser that has seen a page, and so has its session's token."""
    browser = here.browser(signed_in=False, **options)
    assert browser.post("/login", {"username": username, "password": password}).status == 303
    assert browser.get("/account").status == 200
    return browser


def trail(here):
    return [(entry.by, entry.action, entry.subject) for entry in here.settings.call(AuditTrail()).entries]


def admins(here):
    return {admin["username"]: admin for admin in here.desk.section("admins")["admins"]}


# Administrators


def test_an_administrator_is_added_changed_switched_and_deleted(here):
    browser = signed_in(here)
    form = {"username": OTHER, "name": "Siti", "password": "short", "phone": "081234567666", "active": "true"}
    wrong = browser.post("/administrators/add", form)
    assert (wrong.status, "at least 10" in wrong.text, 'value="Siti"' in wrong.text) == (422, True, True)
    assert browser.post("/administrators/add", form | {"password": OTHER_PASSWORD}).to == "/administrators"
    before = here.desk.settings.admins[OTHER].password_hash
    key = f"?key={OTHER}"
    form = {"name": "Siti A", "password": "", "phone": "", "active": "true"}
    assert browser.post("/administrators/edit" + key, form).status == 303
    assert (admins(here)[OTHER]["name"], here.desk.settings.admins[OTHER].password_hash) == ("Siti A", before)
    for action, field, value in (
        ("block", "blocked", True),
        ("unblock", "blocked", False),
        ("deactivate", "active", False),
        ("activate", "active", True),
    ):
        assert browser.post(f"/administrators/{action}{key}").status == 303
        assert admins(here)[OTHER][field] is value
    assert browser.get("/administrators/delete" + key).status == 200
    assert browser.post("/administrators/delete" + key).to == "/administrators"
    assert list(admins(here)) == [ADMIN]
    assert (ADMIN, "audit.removed", OTHER) in trail(here)
    assert (ADMIN, "audit.blocked", OTHER) in trail(here)


def test_a_password_typed_for_one_entry_waits_for_that_form_and_reaches_no_other(two):
    values = {"password": Secret("kata sandi agus")}
    two.settings.call(AddEntry(section="admins", key="agus", values=values))
    browser = signed_in(two)
    before = two.desk.settings.admins["agus"].password_hash
    form = {"phone": "", "email": "", "active": "true"}
    wrong = browser.post(f"/administrators/edit?key={OTHER}", form | {"name": "S" * 99, "password": "meant for siti 1"})
    assert (wrong.status, "meant for siti 1" in wrong.text) == (422, False)
    good = {"name": "A", "phone": "", "email": "", "password": "", "active": "true"}
    assert browser.post("/administrators/edit?key=agus", good).status == 303
    assert two.desk.settings.admins["agus"].password_hash == before
    wrong = browser.post(f"/administrators/edit?key={OTHER}", form | {"name": "S" * 99, "password": "meant for siti 1"})
    kept = re.search(r'name="password.kept" value="([^"]+)"', wrong.text)[1]
    assert browser.post(f"/administrators/edit?key={OTHER}", good | {"password.kept": kept}).status == 303
    assert signed_in(two, OTHER, "meant for siti 1")


@pytest.mark.parametrize("action", ["block", "deactivate", "delete"])
def test_nobody_shuts_out_themselves(two, action):
    browser = signed_in(two)
    told = browser.post(f"/administrators/{action}?key={ADMIN}")
    assert told.status == 303
    assert "cannot shut yourself out" in browser.get("/administrators").text
    assert two.desk.settings.admins[ADMIN].active
    assert not two.desk.settings.admins[ADMIN].blocked


def test_the_page_of_all_leads_to_ones_own_and_not_around_the_present_password(two):
    browser = signed_in(two)
    assert f"/administrators/delete?key={ADMIN}" not in browser.get("/administrators").text
    assert f"/administrators/delete?key={OTHER}" in browser.get("/administrators").text
    assert browser.get(f"/administrators/edit?key={ADMIN}").to == "/account"
    assert browser.get(f"/administrators/view?key={ADMIN}").to == "/account"
    before = two.desk.settings.admins[ADMIN].password_hash
    told = browser.post(f"/administrators/edit?key={ADMIN}", {"password": "another one 1", "active": "true"})
    assert told.to == "/account"
    assert two.desk.settings.admins[ADMIN].password_hash == before


@pytest.mark.parametrize("action", ["block", "deactivate", "delete"])
def test_who_is_shut_out_is_out_at_once(two, action):
    other = signed_in(two, OTHER, OTHER_PASSWORD)
    assert other.get("/modems").status == 200
    signed_in(two).post(f"/administrators/{action}?key={OTHER}")
    assert other.get("/modems").place == "/login"
    other.get("/login")
    assert other.post("/login", {"username": OTHER, "password": OTHER_PASSWORD}).status == 401


# One's own account


def test_ones_own_name_and_contacts(here):
    browser = signed_in(here)
    assert browser.post("/account", {"name": "Budi", "phone": "0812", "email": "b@x.id"}).to == "/account"
    page = browser.get("/account").text
    assert 'value="Budi"' in page
    assert browser.post("/account", {"name": "x" * 70, "phone": "", "email": ""}).status == 422
    assert here.desk.settings.admins[ADMIN].name == "Budi"


def test_a_new_password_needs_the_present_one_and_ends_all_other_sessions(here):
    browser, elsewhere = signed_in(here), signed_in(here)
    new = "sandi yang baru 1"
    wrong = browser.post("/account/password", {"present": "wrong", "password": new})
    assert (wrong.status, "not your present password" in wrong.text) == (422, True)
    assert new not in wrong.text
    short = browser.post("/account/password", {"present": PASSWORD, "password": "short"})
    assert (short.status, "at least 10" in short.text) == (422, True)
    before = browser.cookies["otpb_session"]
    assert browser.post("/account/password", {"present": PASSWORD, "password": new}).to == "/account"
    assert browser.cookies["otpb_session"] != before
    assert "signed out everywhere else" in browser.get("/account").text
    assert elsewhere.get("/account").place == "/login"
    stale = here.browser(signed_in=False)
    stale.cookies["otpb_session"] = before
    assert stale.get("/account").place == "/login"
    assert stale.post("/login", {"username": ADMIN, "password": PASSWORD}).status == 401
    assert signed_in(here, ADMIN, new).get("/account").status == 200


def test_a_session_is_only_opened_by_the_password_that_counts_now(here, monkeypatch):
    """The account changes while a password is being checked."""
    right = here.desk.guard.is_right

    def and_then(*arguments):
        found = right(*arguments)
        here.settings.call(SetEntry(section="admins", key=ADMIN, values={"password": Secret("quite another 1")}))
        return found

    monkeypatch.setattr(here.desk.guard, "is_right", and_then)
    browser = here.browser(signed_in=False)
    assert browser.post("/login", {"username": ADMIN, "password": PASSWORD}).to == "/login"
    assert "otpb_session" not in browser.cookies


def test_sessions_are_listed_in_words_and_ended_one_by_one_or_all(here):
    browser = signed_in(here)
    phone = here.browser(signed_in=False, address="10.0.0.7")
    phone.post("/login", {"username": ADMIN, "password": PASSWORD}, User_Agent=PHONE)
    page = browser.get("/account").text
    assert "Chrome on Android" in page
    assert "10.0.0.7" in page
    (session,) = re.findall(r'name="session" value="(\w+)"', page)
    assert browser.post("/account/end", {"session": session}).to == "/account"
    assert phone.get("/account").place == "/login"
    assert browser.get("/account").status == 200
    third = signed_in(here)
    assert browser.post("/logout/everywhere").to == "/login"
    assert browser.get("/account").place == "/login"
    assert third.get("/account").place == "/login"
    assert (ADMIN, "audit.session_ended", "10.0.0.7") in trail(here)
    assert (ADMIN, "audit.sessions_ended", "") in trail(here)


def test_nobody_ends_the_session_of_another(two):
    other = signed_in(two, OTHER, OTHER_PASSWORD)
    (session,) = two.desk.sessions.of(OTHER)
    signed_in(two).post("/account/end", {"session": session.id[:16]})
    assert other.get("/account").status == 200


# Signing in


@pytest.mark.parametrize("who", ["nobody", "blocked", ADMIN])
def test_a_wrong_name_costs_what_a_wrong_password_costs(two, who, monkeypatch):
    two.settings.call(AddEntry(section="admins", key="blocked", values={"password": Secret("long enough 1")}))
    two.settings.call(SetEntry(section="admins", key="blocked", values={"blocked": Secret("true")}))
    browser = two.browser(signed_in=False)
    browser.get("/login")
    hashed = []
    monkeypatch.setattr("otpbroker.config.passwords._scrypt", lambda password, salt: hashed.append(salt) or b"x" * 32)
    before = len(two.settings.call(AuditTrail()).entries)
    told = browser.post("/login", {"username": who, "password": "long enough 1"})
    assert (told.status, len(hashed)) == (401, 1)
    assert "or the account is blocked" in told.text
    assert len(two.settings.call(AuditTrail()).entries) == before + 1


def test_guessing_is_stopped_for_the_address_and_the_name_and_for_nobody_else(two, monkeypatch):
    monkeypatch.setattr("otpbroker.config.passwords._scrypt", lambda _password, _salt: b"x" * 32)
    guesser = two.browser(signed_in=False, address="10.0.0.66")
    for _ in range(10):
        assert guesser.post("/login", {"username": ADMIN, "password": "x"}).status == 401
    stopped = guesser.post("/login", {"username": OTHER, "password": "x"})
    assert stopped.status == 429
    assert 880 < int(stopped.headers["retry-after"]) <= 901
    assert "Please wait 1" in stopped.text
    elsewhere = two.browser(signed_in=False, address="10.0.0.67")
    assert elsewhere.post("/login", {"username": ADMIN, "password": PASSWORD}).status == 429
    monkeypatch.undo()
    assert elsewhere.post("/login", {"username": OTHER, "password": OTHER_PASSWORD}).status == 303
    guesses = [entry for entry in trail(two) if entry[0] == NOBODY]
    assert guesses == [(NOBODY, "audit.locked_out", "10.0.0.66"), (NOBODY, "audit.sign_in_failed", "10.0.0.66")]


def test_a_session_handed_to_a_victim_is_not_the_one_they_sign_in_to(here):
    browser = here.browser(signed_in=False)
    browser.cookies["otpb_session"] = "planted" * 6
    browser.post("/login", {"username": ADMIN, "password": PASSWORD})
    assert browser.cookies["otpb_session"] != "planted" * 6
    first = browser.cookies["otpb_session"]
    browser.get("/account")
    browser.post("/login", {"username": ADMIN, "password": PASSWORD})
    assert browser.cookies["otpb_session"] != first
    assert len(here.desk.sessions.of(ADMIN)) == 1


# The trail


def test_the_trail_tells_in_words_who_did_what(here):
    here.settings.call(SetEntry(section="admins", key=ADMIN, values={"name": Secret("Budi")}))
    browser = signed_in(here, language="id")
    browser.post("/administrators/add", {"username": OTHER, "password": OTHER_PASSWORD, "phone": "081234567666"})
    page = browser.get("/audit").text
    assert "Menambahkan siti (administrator)" in page
    assert "Password: diisi" in page
    assert "081234567666" not in page
    assert OTHER_PASSWORD not in page
    assert "Masuk dari 127.0.0.1" in page
    assert "Baris perintah" in page
    browser.language = "en"
    assert "Active: No" in browser.get("/audit").text  # a box that was not ticked


def test_the_trail_is_filtered_and_paged(here):
    browser = signed_in(here)
    for at in range(60):
        here.settings.call(Record(by="gone", action="audit.sms_sent", subject=f"number-{at}"))
    page = browser.get("/audit?who=gone").text
    assert "number-59" in page
    assert "number-9<" not in page
    older = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "number-9<" in browser.get(older).text
    assert "number-" not in browser.get("/audit?who=:otpb").text
    assert 'value="gone" selected' in page


def test_what_is_done_stays_done_where_it_cannot_be_written_down(here, caplog):
    browser = signed_in(here)
    (here.paths.state / "apply/audit.jsonl").unlink()
    (here.paths.state / "apply/audit.jsonl").mkdir()
    assert browser.post("/account", {"name": "Budi", "phone": "", "email": ""}).status == 303
    assert "trail is incomplete" in browser.get("/audit").text
    assert "audit trail is incomplete" in caplog.text


def test_a_trail_that_nobody_keeps_holds_up_nobody(here, monkeypatch, caplog):
    browser = here.browser(signed_in=False)
    original = here.settings.call

    def away(verb):
        if isinstance(verb, Record):
            raise BrokerError(ResponseCode.FAILED, "apply.unavailable")
        return original(verb)

    monkeypatch.setattr(here.settings, "call", away)
    assert browser.post("/login", {"username": ADMIN, "password": PASSWORD}).status == 303
    assert "not in the audit trail" in caplog.text


@pytest.mark.parametrize("years", [10, -10])
def test_a_clock_that_is_set_ends_no_session(tmp_path, monkeypatch, years):
    here = PanelHere(tmp_path)
    browser, real = here.browser(), time.time
    monkeypatch.setattr(time, "time", lambda: real() + years * 365.25 * 86_400)
    assert browser.get("/account").status == 200
    assert browser.post("/panel", {}).status in (303, 422)  # its token is still right, too
