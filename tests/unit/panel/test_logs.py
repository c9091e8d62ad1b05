import logging

import pytest

from fakes.panel import PanelHere
from otpbroker.panel.pages.logs import LINES
from otpbroker.system.log import KeptFile
from otpbroker.system.logbook import Folder

AT = 1795744302.25  # 27 November 2026, 01:51:42 in UTC


@pytest.fixture
def here(tmp_path):
    made = PanelHere(tmp_path)
    folder = tmp_path / "log"
    folder.mkdir()
    made.desk.logs = Folder(folder)
    return made


@pytest.fixture
def browser(here):
    return here.browser()


def say(folder, service, *texts, level=logging.INFO, at=AT):
    file = KeptFile(folder / f"{service}.log")
    for number, text in enumerate(texts):
        record = logging.LogRecord(service, level, __file__, 1, text, None, None)
        record.created = at + number
        file.handle(record)
    file.close()


def test_the_newest_first_in_the_devices_zone(tmp_path, browser):
    say(tmp_path / "log", "api", "started", "stopped")
    say(tmp_path / "log", "dispatch", "between", at=AT + 0.5)
    page = browser.get("/logs").text
    assert page.index("stopped") < page.index("between") < page.index("started")
    assert "08:51:42" in page  # in Jakarta


def test_what_is_logged_is_only_shown(tmp_path, browser):
    say(tmp_path / "log", "api", "<script>alert(1)</script>")
    assert "<script>alert" not in browser.get("/logs").text
    assert "&lt;script&gt;alert" in browser.get("/logs?q=SCRIPT").text
    assert '"><b>' not in browser.get("/logs?q=%22%3E%3Cb%3E").text


@pytest.mark.parametrize(
    ("query", "there", "away"),
    [
        ("service=api", ["fine", "broken"], ["odd"]),
        ("level=WARNING", ["broken", "odd"], ["fine"]),
        ("level=ERROR", ["broken"], ["odd", "fine"]),
        ("q=ODD", ["odd"], ["fine"]),
        ("service=api&level=ERROR&q=broken", ["broken"], ["fine"]),
        ("service=nobody&level=LOUD&page=x", ["fine", "odd"], []),
        ("q=nowhere", ["Nothing matches"], ["fine"]),
        ("page=99", ["Nothing matches"], ["fine"]),
    ],
)
def test_filters(tmp_path, browser, query, there, away):
    say(tmp_path / "log", "api", "fine")
    say(tmp_path / "log", "api", "broken", level=logging.ERROR)
    say(tmp_path / "log", "mail", "odd", level=logging.WARNING)
    page = browser.get(f"/logs?{query}").text
    assert [text for text in there if text not in page] == []
    assert [text for text in away if text in page] == []


def test_pages_keep_their_filters(tmp_path, browser):
    say(tmp_path / "log", "api", *(f"line {number:04}" for number in range(2 * LINES + 5)))
    page = browser.get("/logs?q=line").text
    assert page.count("line 0") == LINES
    assert "/logs?q=line&amp;page=2" in page
    last = browser.get("/logs?q=line&page=3").text
    assert last.count("line 0") == 5
    assert "Older" not in last


def test_all_of_it_as_text_the_oldest_first(tmp_path, browser):
    say(tmp_path / "log", "api", "one", "two")
    told = browser.get("/logs/download?q=o")
    assert told.headers["content-disposition"] == 'attachment; filename="otpbroker-log.txt"'
    assert told.text.splitlines() == [
        "2026-11-27T08:51:42.250+07:00 INFO api: one",
        "2026-11-27T08:51:43.250+07:00 INFO api: two",
    ]


def test_where_nothing_was_logged_or_nobody_keeps_it(here, browser):
    assert "Nothing was logged yet" in browser.get("/logs").text
    here.desk.logs = None
    assert "keeps no log" in browser.get("/logs").text
    assert browser.get("/logs/download").text == ""
