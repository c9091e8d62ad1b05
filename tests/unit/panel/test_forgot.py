"""A forgotten password: who gets a code, who may enter it, and that nobody else learns anything."""

import logging
import re
import threading

import pytest

from fakes.panel import ADMIN, PASSWORD, PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel import resets
from otpbroker.panel.resets import Resets
from otpbroker.secrets import MessageText, Secret
from otpbroker.verbs.apply import SetEntry
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.dispatch import Counters, DispatchStatus, ModemFacts, Sent, Status
from otpbroker.verbs.mail import DeliverMail, Mailed, MailFacts, MailStatus
from otpbroker.verbs.otp import CheckOtp, OpenOtp, OtpLetter, OtpOpened, OtpSettled, SettleOtp

PHONE, EMAIL, CODE, NEW = "081234567666", "budi@example.id", "471100", "sandi yang baru 1"
COUNTERS = Counters(queued=0, in_flight=0, accepted=0, by_state={}, by_modem={}, latency_ms_sum=0, latency_count=0)
MODEM = ModemFacts(
    id="m0",
    name="m0",
    port="/dev/ttyUSB0",
    active=True,
    sms_api=True,
    default_modem=True,
    connected=True,
    registered=True,
    state="ready",
)


class Codes:
    """Dispatch and mail, as far as codes go: the newest reference that one was sent for has the code `CODE`."""

    def __init__(self, here):
        self.opened, self.mailed = [], []
        self.sent = threading.Semaphore(0)
        self.refuse = None
        status = DispatchStatus(version="0", uptime_s=1, modems=[MODEM], counters=COUNTERS, alarms=[])
        answers = {Status: status, OpenOtp: self.open, CheckOtp: self.check, SettleOtp: OtpSettled(known=True)}
        here.dispatch.answers |= answers
        here.mail.answers |= {MailStatus: MailFacts(accounts=[], direct=None), DeliverMail: self.deliver}

    def open(self, verb):
        self.sent.release()
        if self.refuse:
            raise self.refuse
        self.opened.append(verb)
        if "@" in verb.receiver:
            text = MessageText(verb.text.reveal().replace("%s", CODE))
            return OtpOpened(letter=OtpLetter(token="t", subject="s", text=text, life_s=600))
        return OtpOpened(sent=Sent(message_id="1", state="queued", code=ResponseCode.SUCCESS))

    def deliver(self, verb):
        self.mailed.append(verb)
        return Mailed(state="submitted", code=ResponseCode.SUCCESS)

    def check(self, verb):
        newest = self.opened[-1].reference if self.opened else ""
        if verb.reference != newest or verb.otp.reveal() != CODE:
            raise BrokerError(ResponseCode.WRONG_OTP, "otp.wrong")
        return Sent(message_id="", state="submitted", code=ResponseCode.SUCCESS)

    def await_sent(self):
        assert self.sent.acquire(timeout=5)


@pytest.fixture
def here(tmp_path):
    here = PanelHere(tmp_path)
    values = {"phone": Secret(PHONE), "email": Secret(EMAIL)}
    assert here.settings.call(SetEntry(section="admins", key=ADMIN, values=values)).changed
    return here


@pytest.fixture
def codes(here):
    return Codes(here)


def settled(here, action):
    """Wait until the courier's thread has written `action` down."""
    for thread in [each for each in threading.enumerate() if each.name == "courier"]:
        thread.join(5)
    assert action in [entry.action for entry in here.settings.call(AuditTrail()).entries]


def ask(browser, codes, username=ADMIN, way="sms"):
    browser.get("/forgot")
    told = browser.post("/forgot", {"username": username, "way": way})
    assert (told.status, told.to) == (303, "/forgot/code")
    return browser.get("/forgot/code")


def enter(browser, code=CODE, password=NEW):
    return browser.post("/forgot/code", {"code": code, "password": password})


def test_a_new_password_with_a_code_by_sms(here, codes, caplog):
    caplog.set_level(logging.DEBUG)
    signed_in = here.browser()
    browser = here.browser(signed_in=False, language="id")
    assert 'href="/forgot"' in browser.get("/login").text
    assert "10 menit" in ask(browser, codes).text
    codes.await_sent()
    settled(here, "audit.code_asked")
    (verb,) = codes.opened
    assert (verb.door, verb.user, verb.receiver, verb.lifetime_s, verb.wait) == ("panel", ADMIN, PHONE, 600, False)
    assert verb.text.reveal().startswith("OTP Broker: %s adalah kode Anda")
    short = enter(browser, password="short")
    assert (short.status, "10 karakter" in short.text) == (422, True)
    wrong = enter(browser, "000000")
    assert (wrong.status, "Kode ini salah" in wrong.text, NEW in wrong.text) == (422, True, False)
    done = enter(browser, f" {CODE[:3]} {CODE[3:]} ")
    assert (done.status, done.to) == (303, "/forgot/done")
    assert browser.get("/forgot/done").status == 200
    assert signed_in.get("/account").place == "/login"
    assert browser.get("/forgot/code").to == "/forgot"
    browser.get("/login")
    assert browser.post("/login", {"username": ADMIN, "password": PASSWORD}).status == 401
    assert browser.post("/login", {"username": ADMIN, "password": NEW}).status == 303
    settled(here, "audit.password_reset")
    assert CODE not in caplog.text
    assert NEW not in caplog.text


def test_by_mail_with_the_devices_name(here, codes):
    browser = here.browser(signed_in=False)
    ask(browser, codes, way="email")
    codes.await_sent()
    settled(here, "audit.code_asked")
    (mail,) = codes.mailed
    assert (mail.recipient, mail.subject) == (EMAIL, "OTP Broker: code for a new password")
    assert CODE in mail.text.reveal()
    assert enter(browser).to == "/forgot/done"


@pytest.mark.parametrize("who", ["nobody", "blocked", "no contact"])
def test_nobody_learns_whether_there_is_such_an_account(here, codes, who):
    known, unknown = (here.browser(signed_in=False, address=f"10.0.0.{at}") for at in (1, 2))
    pages = [ask(known, codes)]
    codes.await_sent()
    settled(here, "audit.code_asked")
    if who == "blocked":
        here.settings.call(SetEntry(section="admins", key=ADMIN, values={"blocked": Secret("true")}))
    if who == "no contact":
        here.settings.call(SetEntry(section="admins", key=ADMIN, values={"phone": Secret("")}))
    pages.append(ask(unknown, codes, "nobody" if who == "nobody" else ADMIN))
    pages += [enter(browser, "000000") for browser in (known, unknown)]
    without_token = [re.sub(r'value="[^"]{40,}"', "", page.text) for page in pages]
    assert without_token[0] == without_token[1]
    assert without_token[2] == without_token[3]
    assert [page.status for page in pages] == [200, 200, 422, 422]
    assert len(here.dispatch.verbs(CheckOtp)) == 2
    assert len(here.dispatch.verbs(OpenOtp)) == 1


def test_the_code_of_one_browser_is_none_in_another(here, codes):
    ask(here.browser(signed_in=False), codes)
    codes.await_sent()
    other = here.browser(signed_in=False)
    other.get("/login")
    assert other.get("/forgot/code").to == "/forgot"
    assert enter(other).to == "/forgot"
    ask(other, codes, "nobody")
    assert enter(other).status == 422


def test_so_many_codes_an_hour_for_a_name_and_for_an_address(here, codes):
    for at in range(3):
        ask(here.browser(signed_in=False, address=f"10.0.0.{at}"), codes)
    for username in (ADMIN, ADMIN):
        browser = here.browser(signed_in=False, address="10.0.0.9")
        browser.get("/forgot")
        told = browser.post("/forgot", {"username": username, "way": "sms"})
        assert told.status == 429
        assert 3500 < int(told.headers["retry-after"]) <= 3601
        assert re.search(r"wait (59|1).(min|h)", told.text)
    browser = here.browser(signed_in=False, address="10.0.1.1")
    for at in range(10):
        ask(browser, codes, f"somebody-{at}")
    assert browser.post("/forgot", {"username": "somebody", "way": "sms"}).status == 429


def test_guessing_codes_is_stopped(here, codes):
    browser = here.browser(signed_in=False)
    ask(browser, codes)
    for _ in range(10):
        assert enter(browser, "000000").status == 422
    assert enter(browser).status == 429
    assert len(here.dispatch.verbs(CheckOtp)) == 10


def test_a_code_that_is_asked_for_again_too_soon_leaves_the_first_one_right(here, codes):
    browser = here.browser(signed_in=False)
    ask(browser, codes)
    codes.await_sent()
    settled(here, "audit.code_asked")
    codes.refuse = BrokerError(ResponseCode.LIMIT, "otp.resend", seconds=20)
    ask(browser, codes)
    codes.await_sent()
    settled(here, "audit.code_asked")
    assert enter(browser).to == "/forgot/done"


def test_an_account_that_was_shut_meanwhile_gets_no_password(here, codes):
    browser = here.browser(signed_in=False)
    ask(browser, codes)
    codes.await_sent()
    settled(here, "audit.code_asked")
    here.settings.call(SetEntry(section="admins", key=ADMIN, values={"blocked": Secret("true")}))
    before = here.desk.settings.admins[ADMIN]
    assert enter(browser).status == 422
    assert here.desk.settings.admins[ADMIN] == before


def test_where_nothing_can_be_sent_the_page_says_what_else_helps(here, codes):
    here.dispatch.answers.pop(Status)
    page = here.browser(signed_in=False).get("/forgot").text
    assert "neither SMS nor e-mail" in page
    assert "/optb/reset.txt" in page
    assert 'name="way"' not in page


def test_guesses_at_the_password_do_not_keep_out_who_has_a_code(here, codes, monkeypatch):
    monkeypatch.setattr(here.desk.guard, "_slot", type("Slot", (), {"run": lambda *_: False})())
    guesser = here.browser(signed_in=False, address="10.0.0.66")
    for _ in range(10):
        guesser.post("/login", {"username": ADMIN, "password": "x"})
    monkeypatch.undo()
    browser = here.browser(signed_in=False)
    ask(browser, codes)
    codes.await_sent()
    settled(here, "audit.code_asked")
    assert enter(browser).to == "/forgot/done"
    browser.get("/login")
    assert browser.post("/login", {"username": ADMIN, "password": NEW}).status == 303


def test_requests_are_few_and_end(monkeypatch):
    clock = type("Clock", (), {"now": 0.0, "__call__": lambda self: self.now})()
    monkeypatch.setattr(resets, "MOST", 3)
    known = Resets(clock)
    for at in range(5):
        known.begin(f"guest-{at}", "budi", PHONE)
    assert [known.of(f"guest-{at}") is not None for at in range(5)] == [False, False, True, True, True]
    clock.now = resets.CODE_LIFE_S
    assert known.of("guest-4") is None
