"""Forms, lists and pages of settings as a browser without scripts meets them."""

import re

import pytest

from otpbroker.config.registry import SECTIONS
from otpbroker.config.sections.mail import EmailSection
from otpbroker.panel.forms import factory, fields_of, shown
from otpbroker.panel.pages.api_users import LISTING
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, GetSection

FORM = {"username": "toko", "name": "Toko", "password": "cukup panjang 1", "active": "true"}


def users(here):
    document = here.settings.call(GetSection(section="api_users")).document
    return {user["username"]: user for user in document["api_users"]}


def value_of(text, name):
    found = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*?(?:value="([^"]*)")', text)
    return found[1] if found else None


def test_a_field_is_what_its_schema_says():
    fields = fields_of("modems")
    kinds = {name: fields[name].kind for name in ("name", "sim_pin", "baud_rate", "active", "tariffs", "quota_day")}
    assert kinds == {
        "name": "text",
        "sim_pin": "secret",
        "baud_rate": "choice",
        "active": "switch",
        "tariffs": "list",
        "quota_day": "number",
    }
    assert fields["baud_rate"].choices[0] == "9600"
    assert (fields["name"].longest, fields["quota_day"].low) == (64, 0)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_can_be_a_form(section):
    assert fields_of(section)
    if SECTIONS[section].entry_key:
        assert not factory(section, ()).is_wrong


def test_a_stored_secret_is_never_in_a_form():
    form = shown("api_users", LISTING.groups, {"username": "toko", "password": "********"})
    assert (form.values["password"], form.stored) == ("", frozenset({"password"}))


def test_nothing_that_was_typed_is_lost_and_every_error_is_beside_its_field(here, browser):
    wrong = {"name": "email1", "host": "bad host", "port": "0", "sender": "nobody", "quota_day": "viele", "tls": "true"}
    told = browser.post("/email-accounts/add", {**wrong, "password": "kata sandi"})
    assert told.status == 422
    for name in ("host", "port", "sender", "quota_day"):
        assert value_of(told.text, name) == wrong[name]
        assert re.search(rf'id="say-{name}"[^>]*>\s*<span class="error">', told.text), name
    assert re.search(r'name="tls"[^>]* checked', told.text)
    assert not re.search(r'name="starttls"[^>]* checked', told.text)
    assert "kata sandi" not in told.text
    kept = {"password.kept": value_of(told.text, "password.kept")}
    assert not here.store.load(EmailSection).email
    assert (
        browser.post(
            "/email-accounts/add",
            {**wrong, "host": "mail.example", "port": "465", "quota_day": "9", "sender": "a@b.example", **kept},
        ).status
        == 303
    )
    (account,) = here.store.load(EmailSection).email
    assert account.password.reveal() == "kata sandi", "what was typed before an error is still in hand"


def test_a_secret_is_kept_changed_or_taken_away_as_was_asked(here, browser):
    form = {"host": "mail.example", "sender": "a@b.example", "port": "25", "quota_day": "9"}
    browser.post("/email-accounts/add", {**form, "name": "satu", "password": "pertama"})
    for given, left in (({}, "pertama"), ({"password": "kedua"}, "kedua"), ({}, "kedua")):
        assert browser.post("/email-accounts/edit?key=satu", {**form, **given}).status == 303
        assert here.store.load(EmailSection).email[0].password.reveal() == left


def test_an_entry_is_added_changed_switched_and_deleted(here, browser):
    assert browser.post("/api-users/add", FORM).to == "/api-users"
    assert "toko" in browser.get("/api-users").text
    assert browser.post("/api-users/add", FORM).status == 422, "the name is taken"
    browser.post("/api-users/edit?key=toko", {**FORM, "name": "Toko Dua", "username": "other"})
    assert set(users(here)) == {"toko"}, "what everything knows it by is not to be changed"
    assert users(here)["toko"]["name"] == "Toko Dua"
    for action, state in (
        ("deactivate", (False, False)),
        ("block", (False, True)),
        ("activate", (True, True)),
        ("unblock", (True, False)),
    ):
        assert browser.post(f"/api-users/{action}?key=toko", {"back": "list"}).to == "/api-users"
        assert (users(here)["toko"]["active"], users(here)["toko"]["blocked"]) == state
    assert browser.get("/api-users/delete?key=toko").status == 200
    assert "toko" in users(here), "asking deletes nothing"
    browser.post("/api-users/delete?key=toko")
    assert users(here) == {}
    for path in ("view", "edit", "delete"):
        assert browser.get(f"/api-users/{path}?key=toko").status == 404


def test_a_notice_is_on_the_next_page_and_on_no_other(browser):
    browser.post("/api-users/add", FORM)
    assert 'class="notice done"' in browser.get("/api-users").text
    assert 'class="notice done"' not in browser.get("/api-users").text


def test_a_list_is_searched_in_what_it_shows_and_shown_by_pages(here, browser):
    for at in range(60):
        values = {"password": Secret("cukup panjang 1"), "name": Secret(f"Toko {at}")}
        here.settings.call(AddEntry(section="api_users", key=f"aplikasi{at:02d}", values=values))
    first, second = browser.get("/api-users").text, browser.get("/api-users?page=2").text
    assert first.count('class="card"') == 50
    assert second.count('class="card"') == 10
    assert browser.get("/api-users?q=TOKO+59").text.count('class="card"') == 1
    assert browser.get("/api-users?q=aplikasi0").text.count('class="card"') == 10
    assert "“&lt;b&gt;”" in browser.get("/api-users?q=<b>").text


def test_a_script_is_told_what_would_be_wrong_and_nothing_changes(here, browser):
    browser.get("/api-users/add")
    told = browser.post(
        "/api-users/check", {"username": "a:b", "password": "kurz", "touched": "username"}, HX_Request="true"
    )
    assert re.search(r'id="say-username".*class="error"', told.text, re.DOTALL)
    assert "say-password" not in told.text, "nobody is told off for what they have not touched"
    assert "<html" not in told.text
    assert users(here) == {}


def test_settings_are_saved_as_a_whole_or_not_at_all(here, browser):
    told = browser.post("/panel", {"port": "8888", "idle_s": "5", "host_names": "sms.toko.example"})
    assert told.status == 422
    assert value_of(told.text, "idle_s") == "5"
    assert "sms.toko.example" in told.text
    assert here.desk.settings.panel.host_names == ()
    assert (
        browser.post("/panel", {"port": "8888", "idle_s": "600", "host_names": "sms.toko.example, b.example"}).to
        == "/panel"
    )
    assert here.desk.settings.panel.host_names == ("sms.toko.example", "b.example")
    assert here.desk.settings.panel.idle_s == here.desk.sessions.idle_s == 600


def test_htmx_is_sent_on_by_its_own_header(browser):
    told = browser.post("/api-users/add", FORM, HX_Request="true")
    assert (told.status, told.headers["hx-redirect"]) == (204, "/api-users")
