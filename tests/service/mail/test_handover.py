"""The line to a server, against real servers and against some that misbehave."""

import datetime as dt
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.smtp import PASSWORD, Authority, Gate, Script
from otpbroker.mail import address
from otpbroker.mail.failure import Failure
from otpbroker.mail.handover import Server, hand_over, open_line
from otpbroker.mail.letter import Composed
from otpbroker.mail.replies import Fault
from otpbroker.secrets import MessageText, Secret
from otpbroker.system.trust import client_tls

SENDER = address.parse("otp@example.com")
USERS = {str(SENDER): PASSWORD}


def letter(to="user@example.org", text="OTP Anda adalah 1234"):
    return Composed(address.parse(to), "Reset Password", MessageText(text), "0123")


def server(port, security="none", ca=None, *, password=PASSWORD, login=True, host="localhost", **more):
    tls = client_tls(str(ca)) if ca else None
    username = str(SENDER) if login else ""
    return Server(host, port, security, tls, username, Secret(password), **more)


def send(to_server, mail=None, *, seconds=5.0, leaves=lambda: None):
    until = time.monotonic() + seconds
    line = open_line(to_server, until)
    try:
        hand_over(line, SENDER, mail or letter(), until, leaves)
    finally:
        line.hang_up()


def failure(*arguments, **options):
    with pytest.raises(Failure) as failed:
        send(*arguments, **options)
    return failed.value


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_goes_over_a_verified_line(smtp, authority, security):
    provider = smtp(security, users=USERS)
    send(server(provider.port, security, authority.pem), letter(text=".Kode\n..\nrahasia ü"))
    (received,) = provider.received
    assert (received.sender, received.recipient) == (str(SENDER), "user@example.org")
    assert received.text.rstrip("\n") == ".Kode\n..\nrahasia ü"
    assert received.message["Subject"] == "Reset Password"
    assert received.message["From"] == str(SENDER)
    assert received.message["Message-ID"] == "<0123@example.com>"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_another_host_or_authority_is_refused(smtp, authority, security, tmp_path):
    other = smtp(security, users=USERS, names=("mail.example.net",))
    named = failure(server(other.port, security, authority.pem))
    assert (named.fault, named.key) == (Fault.ACCOUNT, "mail.certificate")
    assert "localhost" in named.params["reason"]
    stranger = failure(server(smtp(security).port, security, Authority(tmp_path).pem))
    assert (stranger.fault, stranger.key) == (Fault.ACCOUNT, "mail.certificate")
    assert other.logins == 0


def test_a_certificate_of_tomorrow_is_a_clock_that_is_not_set_yet(smtp, authority):
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    provider = smtp("tls", users=USERS, not_before=tomorrow)
    error = failure(server(provider.port, "tls", authority.pem))
    assert (error.fault, error.key) == (Fault.PASSING, "mail.certificate")
    assert provider.logins == 0


def test_without_starttls_nothing_goes_in_the_clear(smtp, authority):
    provider = smtp(users=USERS)
    error = failure(server(provider.port, "starttls", authority.pem))
    assert (error.fault, error.key) == (Fault.ACCOUNT, "mail.no_starttls")
    assert (provider.logins, provider.received) == (0, [])


def test_opportunistic_encryption_takes_what_there_is(smtp, authority):
    for security in ("none", "starttls"):
        provider = smtp(security)
        send(server(provider.port, "where_offered", authority.pem, login=False))
        assert len(provider.received) == 1


def test_a_wrong_password_is_tried_once(smtp, authority):
    provider = smtp("starttls", users=USERS)
    error = failure(server(provider.port, "starttls", authority.pem, password="wrong"))
    assert (error.fault, error.key, error.params["code"]) == (Fault.ACCOUNT, "mail.refused_auth", "535 5.7.8")
    assert provider.logins == 1
    error = failure(server(provider.port, "starttls", authority.pem, password="wörter"))
    assert (error.fault, error.key) == (Fault.ACCOUNT, "mail.password_not_ascii")
    assert provider.logins == 1


def test_addresses_beyond_ascii_need_a_server_that_takes_them(smtp):
    provider, old = smtp(), smtp(smtputf8=False)
    send(server(provider.port, login=False), letter("用户@bücher.example"))
    assert provider.received[0].recipient == "用户@xn--bcher-kva.example"
    assert provider.received[0].message["To"] == "用户@xn--bcher-kva.example"
    error = failure(server(old.port, login=False), letter("用户@example.org"))
    assert (error.fault, error.key) == (Fault.ATTEMPT, "mail.no_smtputf8")
    send(server(old.port, login=False), letter("user@bücher.example"))


@pytest.mark.parametrize(
    ("phase", "reply", "fault"),
    [
        ("MAIL", "553 5.7.1 not your address", Fault.ACCOUNT),
        ("MAIL", "451 4.3.0 later", Fault.PASSING),
        ("RCPT", "550 5.1.1 no such user", Fault.RECIPIENT),
        ("RCPT", "550 no such user", Fault.RECIPIENT),
        ("RCPT", "450 4.2.0 greylisted", Fault.ATTEMPT),
        ("DATA", "550 5.4.5 daily quota", Fault.ACCOUNT),
        ("DATA", "554 content refused", Fault.MESSAGE),
        ("DATA", "421 4.3.2 closing", Fault.PASSING),
    ],
)
def test_refusals_are_judged_and_none_of_their_words_kept(smtp, phase, reply, fault):
    provider = smtp()
    provider.replies[phase] = f"{reply} CANARY"
    left = []
    error = failure(server(provider.port, login=False), leaves=lambda: left.append(1))
    assert error.fault is fault
    assert "CANARY" not in repr(error)
    assert bool(left) is (phase == "DATA")


def test_silence_after_the_text_is_an_unknown_outcome(smtp, loop):
    provider = smtp()
    gate = provider.waits["DATA"] = Gate(loop)
    began = time.monotonic()
    error = failure(server(provider.port, login=False), seconds=0.5)
    assert (error.fault, error.key) == (Fault.UNKNOWN, "mail.no_answer")
    assert time.monotonic() - began < 1.5
    gate.open()


def hangs_up_after_the_text(reader, say):
    say(b"220 hello\r\n")
    for line in reader:
        say(b"354 go\r\n" if line.startswith(b"DATA") else b"250 ok\r\n")
        if line.startswith(b"DATA"):
            while reader.readline() != b".\r\n":
                pass
            return


def hangs_up_within_the_text(reader, say):
    say(b"220 hello\r\n")
    for line in reader:
        if line.startswith(b"DATA"):
            say(b"354 go\r\n")
            reader.readline()
            return
        say(b"250 ok\r\n")


def dribbles(_reader, say):
    """One octet at a time, for ever."""
    tick = threading.Event()
    while True:
        say(b"2")
        tick.wait(0.05)


def never_ends_its_reply(_reader, say):
    while True:
        say(b"220-hello\r\n" * 100)


def speaks_another_language(_reader, say):
    say(b"SSH-2.0-OpenSSH_9.2\r\n")


def challenges_with_garbage(reader, say):
    say(b"220 hello\r\n")
    reader.readline()
    say(b"250-hello\r\n250 AUTH CRAM-MD5\r\n")
    reader.readline()
    say(b"334 \xff\xfe!!\r\n")
    reader.readline()
    say(b"334 ?\r\n")


@pytest.fixture
def script():
    scripts = []

    def make(talk):
        scripts.append(Script(talk))
        return scripts[-1].port

    yield make
    for each in scripts:
        each.stop()


@pytest.mark.parametrize(
    ("talk", "faults", "longest_s"),
    [
        (hangs_up_after_the_text, {Fault.UNKNOWN}, 1),
        (dribbles, {Fault.PASSING}, 2),
        (never_ends_its_reply, {Fault.PASSING}, 2),
        (speaks_another_language, {Fault.ACCOUNT, Fault.PASSING}, 1),
        (challenges_with_garbage, {Fault.ACCOUNT, Fault.PASSING}, 1),
    ],
)
def test_servers_that_misbehave_hold_up_nobody(script, talk, faults, longest_s):
    began = time.monotonic()
    error = failure(server(script(talk), login=talk is challenges_with_garbage), seconds=1.0)
    assert error.fault in faults
    assert time.monotonic() - began < longest_s


def test_a_text_that_is_cut_off_has_not_been_taken(script):
    """The server never saw its last line, so another one may be given it."""
    error = failure(server(script(hangs_up_within_the_text), login=False), letter(text="x" * 4_000_000))
    assert error.fault is Fault.PASSING


REPLIES = st.sampled_from(
    [
        b"220 hello\r\n",
        b"250 ok\r\n",
        b"250-hello\r\n250-AUTH PLAIN LOGIN CRAM-MD5\r\n250 SIZE x\r\n",
        b"250-AUTH=\r\n250 AUTH CRAM-MD5\r\n",
        b"334 \r\n",
        b"334 AAAA\r\n",
        b"235 in\r\n",
        b"354 go\r\n",
        b"421 4.3.2\r\n",
        b"550-5.1.1\r\n",
        b"999\r\n",
        b"\r\n",
        b"-1 \xff\x00\r\n",
        b"25",
    ]
)


@settings(max_examples=150)
@given(replies=st.lists(REPLIES | st.binary(max_size=20), max_size=9), login=st.booleans())
def test_whatever_a_server_says_is_an_outcome(replies, login):
    def says(_reader, say):
        say(b"".join(replies))

    script = Script(says)
    try:
        send(server(script.port, login=login), seconds=2.0)
    except Failure as failed:
        assert failed.key.startswith("mail.")  # noqa: PT017 - a script may also be a success
    finally:
        script.stop()


def test_nobody_there_and_no_such_name(script):
    gone = Script(dribbles)
    gone.stop()
    error = failure(server(gone.port, login=False))
    assert (error.fault, error.key) == (Fault.PASSING, "mail.unreachable")
    error = failure(server(25, login=False, host="no-such-host.invalid"))
    assert (error.fault, error.key) == (Fault.PASSING, "mail.no_such_host")
