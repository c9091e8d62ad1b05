"""Mail without an account: a real name server, and real exchangers on loopback."""

import time

import pytest

from fakes.dns import NameServer
from fakes.mail_service import account
from fakes.smtp import Script
from otpbroker.mail.direct import DIRECT
from otpbroker.mail.exchangers import Exchangers, is_public

LOCAL = {"active": True, "server_name": "device.example.net"}
HERE = "127.0.0.1"


@pytest.fixture
def names():
    server = NameServer()
    yield server
    server.stop()


@pytest.fixture
def exchanger(smtp, names):
    """Takes mail for example.org."""
    server = smtp("starttls", require_starttls=False)
    names.add("example.org", "MX", "10 mx.example.org.")
    names.add("mx.example.org", "A", HERE)
    return server


@pytest.fixture
def direct(mail, names):
    """Makes the service; the exchangers may be on loopback, at the port of one server."""

    def make(exchanger, *accounts, allowed=lambda _: True):
        exchangers = Exchangers(names.resolver, allowed)
        return mail(*accounts, smtp=LOCAL, exchangers=exchangers, exchanger_port=exchanger.port)

    return make


def test_a_mail_goes_straight_to_the_recipients_exchanger(direct, exchanger):
    service = direct(exchanger)
    mailed = service.send()
    assert (mailed.state, mailed.account) == ("submitted", DIRECT)
    (received,) = exchanger.received
    assert (received.sender, received.recipient) == ("noreply@device.example.net", "user@example.org")
    assert exchanger.helos == ["device.example.net"]
    assert exchanger.encrypted == [True]  # by a certificate that nobody vouches for
    facts = service.status().direct
    assert (facts.sent, facts.failed) == (1, 0)


def test_it_is_for_what_no_account_can_send(direct, exchanger, smtp):
    provider = smtp()
    service = direct(exchanger, account("a", provider.port, quota_day=1))
    assert [service.send().account for _ in range(2)] == ["a", DIRECT]
    service.reload(account("a", 1), smtp=LOCAL)
    assert service.send().account == DIRECT
    service.reload(account("a", 1))
    assert service.outcome() == ("1102", "mail.unreachable")
    assert len(exchanger.received) == 2


def test_the_next_exchanger_is_tried_in_the_order_of_preference(direct, exchanger, names):
    names.add("example.org", "MX", "30 mx.example.org.", "10 first.example.org.", "20 second.example.org.")
    names.add("first.example.org", "A", "127.0.0.9")  # nobody listens there
    names.add("second.example.org", "AAAA", "::1")
    assert direct(exchanger).send().state == "submitted"
    hosts = [name for name, kind in names.asked if kind == "A"]
    assert hosts == ["first.example.org", "second.example.org", "mx.example.org"]


def test_an_exchanger_that_will_not_talk_to_us_has_not_the_last_word(direct, exchanger, names):
    names.add("example.org", "MX", "20 mx.example.org.", "10 proud.example.org.")
    names.add("proud.example.org", "A", "127.0.0.9")
    proud = Script(lambda _, say: say(b"554 5.7.1 we know no device.example.net\r\n"), ("127.0.0.9", exchanger.port))
    assert direct(exchanger).send().state == "submitted"
    proud.stop()


def test_a_domain_without_mx_records_is_its_own_exchanger(direct, exchanger, names):
    names.add("plain.example", "A", HERE)
    assert direct(exchanger).send("user@plain.example").state == "submitted"


def test_a_domain_that_takes_no_mail_or_is_none_ends_it_at_once(direct, exchanger, names):
    service = direct(exchanger)
    names.add("null.example", "MX", "0 .")
    for domain, key in (("null.example", "mail.no_mail_here"), ("missing.example", "mail.no_such_host")):
        mailed = service.send(f"user@{domain}")
        assert (mailed.state, mailed.key, mailed.retry_after_s) == ("failed", key, None)
    names.add("nowhere.example", "TXT", '"no address"')
    assert service.outcome("user@nowhere.example") == ("1102", "mail.no_such_host")


def test_name_servers_that_fail_or_are_silent_pass(direct, exchanger, names):
    service = direct(exchanger)
    names.broken.add("broken.example")
    names.silent.add("silent.example")
    began = time.monotonic()
    for domain in ("broken.example", "silent.example"):
        mailed = service.send(f"user@{domain}", deadline_s=0.7)
        assert (mailed.state, mailed.key) == ("failed", "mail.look_up_late")
        assert mailed.retry_after_s > 0
    assert time.monotonic() - began < 3


def test_records_that_point_into_our_own_networks_are_not_followed(direct, exchanger):
    service = direct(exchanger, allowed=is_public)
    assert service.outcome() == ("1102", "mail.private_exchanger")
    assert exchanger.connections == 0


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.11", False),
        ("169.254.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


def test_the_exchanger_has_the_last_word(direct, exchanger):
    service = direct(exchanger)
    exchanger.unknown.add("nobody@example.org")
    assert service.outcome("nobody@example.org") == ("1102", "mail.refused_recipient")
    exchanger.replies["RCPT"] = "450 4.2.0 greylisted"
    mailed = service.send()
    assert (mailed.state, mailed.key) == ("failed", "mail.refused_recipient")
    assert mailed.retry_after_s > 0
