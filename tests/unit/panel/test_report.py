"""The report's pages on a ledger of messages past, asked as dispatch would answer."""

import csv
import io
import re
import time

import msgspec
import pytest

from fakes.history import Past, many, open_file, put
from fakes.panel import PanelHere
from otpbroker.dispatch.report import answers
from otpbroker.dispatch.report.book import Book
from otpbroker.dispatch.report.count import Reader
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.pages.report import part_of_number
from otpbroker.panel.period import Period, period
from otpbroker.panel.visit import Fields
from otpbroker.verbs.dispatch import Messages
from otpbroker.verbs.report import Report, ReportCells

ZONE = "Asia/Jakarta"
COUNT = 1500


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    file = tmp_path / "state.sqlite"
    put(open_file(file), [*many(COUNT, until=time.time() - 5, days=5), Past("odd", time.time(), modem="=cmd")])
    book = Book(Reader(file), 5)
    for verb in (Report, ReportCells, Messages):
        here.dispatch.answers[verb] = lambda call: answers.told(book, as_heard(call), ZONE, incomplete=False)
    return here


def as_heard(call):
    """The verb as it arrives at dispatch; refused as there where a field is not as it must be."""
    try:
        return msgspec.json.decode(msgspec.json.encode(call), type=type(call))
    except msgspec.DecodeError as error:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "ipc.not_understood", detail=str(error)) from error


def table(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def shown(html):
    return re.findall(r"<dd>([^<]*)</dd>", html)


@pytest.mark.parametrize(("language", "count"), [("en", "1,501"), ("id", "1.501")])
def test_the_report_tells_what_there_was(here, language, count):
    browser = here.browser(language=language)
    page = browser.get("/report")
    assert page.status == 200
    assert shown(page.text)[0] == count
    assert page.text.count('data-chart="') == 3
    assert "62811" in page.text
    assert page.text.count("<h1") == 1


def test_one_day_needs_no_picture_and_filters_last(here):
    page = here.browser().get("/report?range=today&modem=m1&state=delivered")
    assert "data-chart" not in page.text
    call = here.dispatch.verbs(Report)[-1]
    assert (call.modem, call.state, call.from_day) == ("m1", "delivered", call.to_day)
    assert '/report/messages?range=today&amp;modem=m1&amp;state=delivered"' in page.text


@pytest.mark.parametrize("path", ["/report", "/report/messages"])
def test_days_that_are_none_are_said_beside_what_was_typed(here, path):
    page = here.browser().get(f"{path}?from=2026-11-05&to=2026-11-01")
    assert page.status == 422
    assert 'value="2026-11-05"' in page.text
    assert "The first day is after the last one" in page.text


@pytest.mark.parametrize("path", ["/report", "/report/messages"])
def test_the_page_opens_while_dispatch_is_away(here, path):
    for verb in (Report, Messages):
        here.dispatch.answers[verb] = BrokerError(ResponseCode.FAILED, "dispatch.unavailable", retry_after_s=3)
    page = here.browser().get(path)
    assert page.status == 200
    assert 'role="alert"' in page.text


@pytest.mark.parametrize("path", ["/report", "/report/messages"])
@pytest.mark.parametrize("query", ["from=2026-13-01", "from=x", "to=1e9", "from=0000-00-00&to=9999-99-99"])
def test_what_is_no_day_is_said(here, path, query):
    page = here.browser().get(f"{path}?{query}")
    assert page.status == 422
    assert "That day does not exist" in page.text


def test_an_empty_report_says_so_and_a_broken_disk_too(here):
    told = here.dispatch.answers[Report](Report(from_day="2001-01-01", to_day="2001-01-02"))
    here.dispatch.answers[Report] = lambda _: type(told)(
        **{name: getattr(told, name) for name in told.__struct_fields__} | {"incomplete": True}
    )
    page = here.browser().get("/report")
    assert "No message was accepted" in page.text
    assert "cannot be written" in page.text


def test_the_list_is_walked_there_and_back(here):
    browser = here.browser()
    first = browser.get("/report/messages?range=week")
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    second = browser.get(older.replace("&amp;", "&"))
    (newer,) = re.findall(r'rel="prev" href="([^"]+)"', second.text)
    rows = re.compile(r"<tbody>.*</tbody>", re.DOTALL)
    assert rows.findall(browser.get(newer.replace("&amp;", "&")).text) == rows.findall(first.text)
    assert rows.findall(first.text) != rows.findall(second.text)


def test_a_number_that_is_looked_for_never_stands_in_an_address(here):
    browser = here.browser()
    found = browser.post("/report/messages", {"number": "0811 2345 6666", "modem": "m1", "from": "", "to": ""})
    assert found.to == "/report/messages?range=week&modem=m1&number=62811%2A%2A%2A%2A666"
    browser.get(found.to)
    assert here.dispatch.verbs(Messages)[-1].number == "62811****666"


@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        ("0811", "62811"),
        ("666", "666"),
        ("+62 811-2345-6666", "62811****666"),
        ("62811****666", "62811****666"),
        ("<b>", ""),
    ],
)
def test_what_of_a_number_is_looked_for(typed, looked_for):
    assert part_of_number(typed, "62") == looked_for


def test_the_counts_as_a_file(here):
    told = here.browser().get("/report/days.csv?range=week")
    assert told.headers["content-type"].startswith("text/csv")
    assert re.fullmatch(r'attachment; filename="otp-broker-report-[\d-]+\.csv"', told.headers["content-disposition"])
    rows = table(told.text)
    assert sum(int(row["messages"]) for row in rows) == COUNT + 1
    assert {row["modem"] for row in rows} == {"m0", "m1", "m2", "m3", "'=cmd"}


def test_all_messages_as_a_file(here, monkeypatch):
    monkeypatch.setattr("otpbroker.panel.pages.report.MOST_MESSAGES", 400)
    told = here.browser().get("/report/messages.csv?range=week")
    rows = table(told.text)
    assert told.text.startswith("\ufeff")
    assert len({row["message_id"] for row in rows}) == len(rows) == COUNT + 1
    assert all("****" in row["number"] for row in rows)
    assert [row["accepted_at"] for row in rows] == sorted((row["accepted_at"] for row in rows), reverse=True)


def test_a_file_that_breaks_off_says_so_at_its_end(here, monkeypatch):
    monkeypatch.setattr("otpbroker.panel.pages.report.MOST_MESSAGES", 400)
    whole, asked = here.dispatch.answers[Messages], []

    def once(call):
        asked.append(call)
        if len(asked) > 1:
            raise BrokerError(ResponseCode.FAILED, "dispatch.unavailable")
        return whole(call)

    here.dispatch.answers[Messages] = once
    lines = here.browser().get("/report/messages.csv?range=week").text.splitlines()
    assert len(lines) == 402
    assert "INCOMPLETE" in lines[-1]


def test_a_file_that_cannot_be_begun_leads_back_with_the_reason(here):
    here.dispatch.answers[Messages] = BrokerError(ResponseCode.FAILED, "dispatch.unavailable", retry_after_s=3)
    browser = here.browser()
    assert browser.get("/report/messages.csv?range=month").to == "/report?range=month"
    assert 'role="alert"' in browser.get("/report?range=month").text


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ({}, ("week", "2026-11-21", "2026-11-27")),
        ({"range": "today"}, ("today", "2026-11-27", "2026-11-27")),
        ({"range": "x"}, ("week", "2026-11-21", "2026-11-27")),
        ({"range": "month", "from": "2026-01-02"}, ("", "2026-01-02", "2026-11-27")),
        ({"to": "2026-01-02"}, ("", "2026-01-02", "2026-01-02")),
    ],
)
def test_which_days(query, right):
    found = period(Fields({name: [value] for name, value in query.items()}), "2026-11-27")
    assert found == Period(*right)
    if not found.preset:
        assert period(Fields({name: [value] for name, value in found.query.items()}), "2026-12-31") == found
