"""Accounts of the panel in the whole system."""

import re
import threading
import time
from statistics import median

import pytest

from fakes import air
from fakes.person import Person
from fakes.whole import Whole

PASSWORD, NEW = "rahasia sekali 1", "sandi yang baru 1"
PHONE = "081234567666"


def at_panel(whole, address="127.0.0.1"):
    return Person(int(whole.panel.rpartition(":")[2]), address)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with Whole(tmp_path_factory.mktemp("accounts"), "--simulate", 1) as whole:
        yield whole


def together(count, act):
    """What `act` answers in each of so many threads that begin at once."""
    answers, barrier = [None] * count, threading.Barrier(count)

    def run(at):
        barrier.wait()
        answers[at] = act(at)

    threads = [threading.Thread(target=run, args=(at,)) for at in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def trail(whole, *options):
    return whole.told("audit", *options)["entries"]


def test_of_fifty_that_make_the_first_administrator_one_does(whole):
    browsers = [at_panel(whole) for _ in range(50)]
    for browser in browsers:
        assert browser.get("/setup")[0] == 200
    told = together(50, lambda at: browsers[at].post("/setup", username=f"admin-{at}", password=PASSWORD)[:2])
    assert sorted(told) == [(303, "/login")] * 49 + [(303, "/start")]
    (winner,) = whole.told("admin", "list")["admins"]
    assert winner["username"] == f"admin-{told.index((303, '/start'))}"
    assert browsers[told.index((303, "/start"))].get("/account")[0] == 200
    assert [entry["action"] for entry in trail(whole)].count("audit.first_admin") == 1
    assert whole.otpb("admin", "add", "budi", f"phone={PHONE}", stdin=PASSWORD).returncode == 0
    assert whole.otpb("admin", "remove", winner["username"]).returncode == 0
    assert whole.otpb("admin", "add", "short", stdin="short").returncode == 1


def test_guessing_holds_up_nobody_else(whole):
    ends, took = threading.Event(), []

    def guess(at):
        guesser = at_panel(whole, f"127.0.7.{at + 1}")
        guesser.get("/login")
        statuses = set()
        while not ends.is_set():
            statuses.add(guesser.post("/login", username=f"guess-{at}", password="x")[0])
        return statuses

    def looks(_):
        browser = at_panel(whole)
        for _ in range(20):
            began = time.monotonic()
            assert browser.get("/login")[0] == 200
            took.append(time.monotonic() - began)
        ends.set()

    together(7, lambda at: looks(at) if at == 6 else guess(at))
    assert median(took) < 0.5, sorted(took)
    failed = [entry for entry in trail(whole) if entry["action"] == "audit.sign_in_failed"]
    assert len(failed) <= 6
    assert at_panel(whole).sign_in("budi", PASSWORD) == (303, "/")


def test_who_is_blocked_is_out_at_once_also_of_the_page_that_stands_open(whole):
    assert whole.otpb("admin", "add", "siti", stdin=PASSWORD).returncode == 0
    siti = at_panel(whole)
    siti.sign_in("siti", PASSWORD)
    connection = siti.connection()
    connection.request("GET", "/monitor/events", headers=siti.headers)
    events = connection.getresponse()
    assert events.status == 200
    assert whole.otpb("admin", "set", "siti", "blocked=true").returncode == 0
    assert b"event: over" in events.read()
    connection.close()
    assert siti.get("/account")[:2] == (303, "/login?told=over&back=%2Faccount")
    assert whole.otpb("admin", "remove", "siti").returncode == 0


def test_a_forgotten_password_by_a_code_read_at_the_phone(whole):
    signed_in, browser = at_panel(whole), at_panel(whole, "127.0.9.1")
    signed_in.sign_in("budi", PASSWORD)
    assert browser.get("/forgot")[0] == 200
    with whole.simulator() as simulator:
        simulator.clear()
        assert browser.post("/forgot", username="budi", way="sms")[:2] == (303, "/forgot/code")
        whole.until(simulator.submitted)
        (message,) = air.heard(simulator.submitted())[0]
    assert message.number == "62" + PHONE[1:]
    code = re.search(r"\b\d{6}\b", message.text)[0]
    browser.get("/forgot/code")
    assert browser.post("/forgot/code", code=code, password=NEW)[:2] == (303, "/forgot/done")
    assert signed_in.get("/account")[:2] == (303, "/login?told=over&back=%2Faccount")
    assert at_panel(whole).sign_in("budi", PASSWORD)[0] == 401
    assert at_panel(whole).sign_in("budi", NEW) == (303, "/")
    told = [entry["action"] for entry in trail(whole, "--by", "budi")]
    assert told[:3] == ["audit.signed_in", "audit.password_reset", "audit.changed_entry"]
    for path in (whole.root / "var/lib/otpbroker/apply/audit.jsonl", whole.log):
        assert not [secret for secret in (f" {code} ", NEW, PASSWORD) if secret in path.read_text()]


def test_without_any_administrator_the_panel_asks_for_a_first_one_again(whole):
    browser = at_panel(whole)
    assert whole.otpb("admin", "add", "dewi", stdin=NEW).returncode == 0
    browser.sign_in("dewi", NEW)
    for admin in whole.told("admin", "list")["admins"]:
        assert whole.otpb("admin", "remove", admin["username"]).returncode == 0
    assert browser.get("/account")[:2] == (303, "/setup")
    browser.get("/setup")
    assert browser.post("/setup", username="budi", password=NEW)[1] == "/start"
