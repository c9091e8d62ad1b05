"""Backup and restore in the panel."""

import json
import re

import pytest

from fakes.panel import ADMIN, PanelHere
from otpbroker.apply import backup
from otpbroker.config.sections.api import ApiUsersSection
from otpbroker.config.sections.mail import EmailSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.panel.holding import LASTS_S, MOST, Holding
from otpbroker.panel.routes import UPLOAD_OCTETS
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, SetSection
from otpbroker.verbs.dispatch import BlockedList, BlockEntries, BlockEntry, ChangeBlocked, Done

PASSPHRASE = "kuda laut biru 7"
CANARY = "canary-sandi-surat"
BLOCKED = BlockEntry(msisdn="6281234567890", blocked=True)


def device(folder, *, blocked=()):
    here = PanelHere(folder)
    here.dispatch.answers |= {BlockedList: BlockEntries(block_list=list(blocked)), ChangeBlocked: Done()}
    browser = here.browser()
    browser.get("/backup")
    return here, browser


@pytest.fixture(autouse=True)
def _fast(monkeypatch):
    monkeypatch.setattr(backup, "_N", 2)


@pytest.fixture
def old(tmp_path):
    here, browser = device(tmp_path / "old", blocked=[BLOCKED])
    values = {"host": "smtp.example.com", "sender": "a@example.com", "password": CANARY}
    secrets = {name: Secret(value) for name, value in values.items()}
    assert here.settings.call(AddEntry(section="email", key="kantor", values=secrets)).changed
    assert here.settings.call(SetSection(section="sms", values={"country_code": Secret("60")})).changed
    return here, browser


@pytest.fixture
def file(old):
    told = old[1].post("/backup/download", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert told.status == 200
    return told


@pytest.fixture
def new(tmp_path):
    return device(tmp_path / "new")


def look(browser, text, passphrase=PASSPHRASE, admins="keep"):
    octets = text if isinstance(text, bytes) else text.encode()
    return browser.upload("/backup/restore", {"restore_passphrase": passphrase, "admins": admins}, [("file", octets)])


def held(page):
    return re.search(r'name="held" value="([^"]+)"', page.text)[1]


def test_a_backup_is_a_file_to_keep_that_nobody_reads(file):
    assert re.fullmatch(r'attachment; filename="otp-broker-\d{4}-\d\d-\d\d\.json"', file.headers["content-disposition"])
    assert file.headers["content-type"] == "application/json"
    assert json.loads(file.text)["format"] == "otpbroker-backup"
    for word in (CANARY, PASSPHRASE, "kantor", BLOCKED.msisdn):
        assert word not in file.text


def test_a_passphrase_is_long_enough_and_typed_twice(old):
    _, browser = old
    wrong = browser.post("/backup/download", {"passphrase": PASSPHRASE, "again": PASSPHRASE + "x"})
    assert (wrong.status, "same passphrase twice" in wrong.text) == (422, True)
    short = browser.post("/backup/download", {"passphrase": "short", "again": "short"})
    assert (short.status, "at least 10" in short.text) == (422, True)


def test_first_what_would_change_then_all_of_it(new, file):
    here, browser = new
    before = here.store.stored("sms")
    page = look(browser, file.text)
    assert page.status == 200
    assert (here.store.stored("sms"), here.dispatch.verbs(ChangeBlocked)) == (before, [])
    for words in ("SMS settings", "Country Code", "kantor: new", "1 numbers are added", "administrators stay"):
        assert words in page.text
    assert CANARY not in page.text
    done = browser.post("/backup/confirm", {"held": held(page)})
    assert (done.status, done.to) == (303, "/backup")
    assert here.store.load(SmsSection).country_code == "60"
    assert here.store.load(EmailSection).email[0].password == Secret(CANARY)
    assert here.dispatch.verbs(ChangeBlocked)[0].listed == [BLOCKED]
    assert "in force" in browser.get("/backup").text
    again = browser.post("/backup/confirm", {"held": held(page)})
    assert "forgotten" in browser.get(again.to).text


def test_what_one_looks_at_nobody_else_confirms(new, file):
    here, browser = new
    page = look(browser, file.text)
    other = here.browser()
    other.get("/backup")
    other.post("/backup/confirm", {"held": held(page)})
    assert here.store.load(SmsSection).country_code == "62"


def test_the_administrators_of_the_backup_only_where_it_is_asked_for(new, old):
    old[0].settings.call(AddEntry(section="admins", key="siti", values={"password": Secret("rahasia-sekali-2")}))
    file = old[1].post("/backup/download", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    here, browser = new
    browser.post("/backup/confirm", {"held": held(look(browser, file.text))})
    assert list(here.desk.settings.admins) == [ADMIN]
    browser.post("/backup/confirm", {"held": held(look(browser, file.text, admins="restore"))})
    assert list(here.desk.settings.admins) == [ADMIN, "siti"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: text.replace('"sealed": "', '"sealed": "AAAA'), "damaged"),
        (lambda text: text.replace('"version": 1', '"version": 9'), "version 9"),
        (lambda _: '{"command":"send-sms"}', "no backup file"),
        (lambda _: b"\xff\xfe\x00", "no backup file"),
        (lambda _: b"", "Choose a file"),
        (lambda _: b" " * (1010 * 1024), "larger than"),
    ],
)
def test_what_cannot_be_restored_says_why_and_changes_nothing(new, file, spoil, says):
    here, browser = new
    before = {name: here.store.stored(name) for name in ("sms", "email")}
    page = look(browser, spoil(file.text))
    assert (page.status, says in page.text, PASSPHRASE in page.text) == (422, True, False)
    assert {name: here.store.stored(name) for name in ("sms", "email")} == before


def test_a_wrong_passphrase_is_told_beside_its_field(new, file):
    page = look(new[1], file.text, "kuda laut biru 8")
    assert page.status == 422
    assert re.search(r'id="say-restore_passphrase"><span class="error">This is not the passphrase', page.text)


def test_a_file_beyond_all_measure_is_refused_unread(new):
    assert look(new[1], b" " * UPLOAD_OCTETS).status == 413


def test_a_file_that_does_not_fit_this_device_is_told_whole(new, old):
    content = backup.opened(
        old[1].post("/backup/download", {"passphrase": PASSPHRASE, "again": PASSPHRASE}).text, Secret(PASSPHRASE)
    )
    sections = content.settings | {"limits": {"version": 1, "per_number_day": -1}, "otp": {"version": 1, "length": 99}}
    file = backup.seal(backup.Content(made_at=0, device="d", settings=sections), Secret(PASSPHRASE))
    page = look(new[1], file)
    assert (page.status, page.text.count("Limits"), "/backup/confirm" in page.text) == (422, 2, False)
    assert "One-time passwords / Code length" in page.text


def test_without_dispatch_there_is_no_half_backup(old):
    here, browser = old
    del here.dispatch.answers[BlockedList]
    told = browser.post("/backup/download", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert (told.status, "not running" in told.text) == (422, True)


def test_what_is_held_goes_after_a_while_and_where_there_is_too_much():
    now = [0.0]
    holding = Holding(lambda: now[0])
    names = [holding.keep(f"s{at}", at) for at in range(MOST + 1)]
    assert holding.take("s0", names[0]) is None
    assert holding.take("s2", names[1]) is None
    assert holding.take("s1", names[1]) == 1
    now[0] = LASTS_S + 1
    assert holding.take("s2", names[2]) is None


OLDER = {
    "s1": {"name": "Stik Satu", "port": "COM7", "imei": "356000000000017", "recipientPrefix": "0871", "active": True},
    "s2": {"name": "Stik Dua", "port": "/dev/ttyUSB1", "imei": "356000000000025", "active": True},
}
USERS = {"toko": {"username": "toko", "name": "Toko", "password": "canary-lama", "active": True, "blocked": False}}


def choose(browser, *documents):
    return browser.upload("/backup/import", {}, [("files", json.dumps(each).encode()) for each in documents])


def test_older_settings_are_shown_and_then_taken(new):
    here, browser = new
    assert browser.get("/backup/import").status == 200
    page = choose(browser, OLDER, USERS, {"0812345678901": True}, {"what": "ever"})
    assert page.status == 200
    for words in ("Stik Satu: new", "toko: new", "1 numbers are added", "COM7 exists on Windows", "File 4: nothing"):
        assert words in page.text
    assert "canary-lama" not in page.text
    assert here.store.is_factory("modems")
    done = browser.post("/backup/import/confirm", {"held": held(page)})
    assert done.to == "/backup"
    assert [modem["port"] for modem in here.desk.section("modems")["modems"]] == ["", "/dev/ttyUSB1"]
    assert here.store.load(ApiUsersSection).api_users[0].password_hash
    assert here.dispatch.verbs(ChangeBlocked)[0].listed == [BlockEntry(msisdn="62812345678901", blocked=True)]


def test_without_a_file_or_with_nothing_in_it_there_is_nothing_to_confirm(new):
    _, browser = new
    assert browser.upload("/backup/import", {}, []).status == 422
    assert "/confirm" not in choose(browser, {"what": "ever"}).text
