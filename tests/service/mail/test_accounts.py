"""Many accounts at real servers: turns, quotas, failures, deadlines."""

import threading
import time
from collections import Counter

import pytest

from fakes.mail_service import account
from fakes.smtp import PASSWORD, Gate, Script
from fakes.waiting import waits_for
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.mail.postman import MOST_IN_HAND


def by_account(outcomes):
    return Counter(mailed.account for mailed in outcomes)


def test_twenty_accounts_take_turns_until_their_quotas_are_used(smtp, mail):
    """The customer's example, with 5 a day instead of 500."""
    provider = smtp()
    service = mail(*[account(f"a{n}", provider.port, quota_day=5) for n in range(20)])
    first = by_account(service.send() for _ in range(20))
    assert set(first.values()) == {1}
    rest = service.send_many(80, at_once=16)
    assert {mailed.state for mailed in rest} == {"submitted"}
    assert by_account(rest) == Counter({f"a{n}": 4 for n in range(20)})
    assert Counter(received.sender for received in provider.received) == {f"a{n}@example.com": 5 for n in range(20)}
    with pytest.raises(BrokerError) as refused:
        service.send()
    assert (refused.value.code, refused.value.key) == (ResponseCode.LIMIT, "mail.quota_used")
    assert 0 < refused.value.retry_after_s <= 25 * 3600
    assert {facts.state for facts in service.status().accounts} == {"quota_used"}


def test_a_restart_forgets_no_quota(smtp, mail):
    provider = smtp()
    service = mail(account("a", provider.port, quota_day=3), account("b", provider.port, quota_day=1))
    for _ in range(3):
        assert service.send().state == "submitted"
    service.restart()
    assert [facts.sent_today for facts in service.status().accounts] == [2, 1]
    assert service.send().account == "a"
    assert service.outcome() == ("1107", "mail.quota_used")


def test_without_a_disk_mail_goes_on_and_an_alarm_says_so(smtp, mail, tmp_path):
    state = tmp_path / "device/var/lib/otpbroker/mail"
    state.parent.mkdir(parents=True)
    state.write_text("a file where a folder should be")
    service = mail(account("a", smtp().port))
    assert service.send(idempotency_key="k").state == "submitted"
    assert service.send(idempotency_key="k").replayed
    assert [alarm.key for alarm in service.status().alarms] == ["alarm.mail_state_unwritable"]


def test_a_refused_mail_costs_no_quota(smtp, mail):
    provider = smtp()
    service = mail(account("a", provider.port, quota_day=1))
    provider.replies["DATA"] = "554 5.6.0 content refused"
    assert service.outcome() == ("1102", "mail.refused_end")
    del provider.replies["DATA"]
    assert service.send().state == "submitted"


@pytest.mark.parametrize("trouble", ["down", "refuses", "sender", "no starttls", "certificate", "password"])
def test_one_accounts_trouble_is_another_ones_mail(smtp, mail, authority, trouble):
    bad = smtp("starttls" if trouble in ("certificate", "password") else "none", names=("elsewhere.example",))
    good = smtp("tls", users={"good@example.com": PASSWORD})
    fields = {}
    if trouble == "down":
        bad.stop()
    elif trouble == "refuses":
        bad.replies["MAIL"] = "451 4.3.2 overloaded"
    elif trouble == "sender":
        bad.replies["RCPT"] = "550 5.1.8 sender refused"
    elif trouble == "no starttls":
        fields = {"starttls": True}
    elif trouble == "certificate":
        fields = {"starttls": True, "ca_certificate": str(authority.pem)}
    elif trouble == "password":
        bad = smtp("starttls", users={"bad@example.com": "another"})
        fields = {"starttls": True, "password": "wrong", "ca_certificate": str(authority.pem)}
    both = {"tls": True, "starttls": True}  # TLS from the first octet wins
    service = mail(
        account("bad", bad.port, **fields),
        account("good", good.port, password=PASSWORD, ca_certificate=str(authority.pem), **both),
    )
    assert by_account(service.send() for _ in range(6)) == {"good": 6}
    assert (len(good.received), len(bad.received)) == (6, 0)
    facts = service.account("bad")
    lasting = trouble not in ("down", "refuses")
    assert facts.state == ("failing" if lasting else "resting")
    assert (facts.failed, facts.sent_today) == (1, 0)
    assert facts.key.startswith("mail.")
    assert facts.retry_s > (200 if lasting else 5)
    if trouble == "password":
        assert bad.logins == 1
    if trouble == "down":
        bad.start()


def test_a_slow_account_holds_up_nobody_else(smtp, mail, loop):
    slow, good = smtp(), smtp()
    gate = slow.waits["MAIL"] = Gate(loop)
    service = mail(account("slow", slow.port), *[account(f"a{n}", good.port) for n in range(3)])
    began = time.monotonic()
    stuck = threading.Thread(target=service.send)
    stuck.start()
    waits_for(lambda: slow.connections)
    outcomes = service.send_many(30, at_once=3)
    assert time.monotonic() - began < 2
    assert {mailed.state for mailed in outcomes} == {"submitted"}
    assert "slow" not in by_account(outcomes)
    gate.open()
    stuck.join()


def test_a_mail_leaves_a_silent_account_in_time_for_another(smtp, mail, loop):
    silent, good = smtp(), smtp()
    gate = silent.waits["MAIL"] = Gate(loop)
    service = mail(account("silent", silent.port), account("good", good.port))
    began = time.monotonic()
    assert service.send(deadline_s=4).account == "good"
    assert 1.5 < time.monotonic() - began < 3
    assert service.account("silent").state == "resting"
    assert service.send(deadline_s=4).account == "good"
    gate.open()


def test_the_recipients_fault_ends_it_at_once_and_blames_no_account(smtp, mail):
    first, second = smtp(), smtp()
    first.unknown.add("nobody@example.org")
    service = mail(account("a", first.port), account("b", second.port))
    mailed = service.send("nobody@example.org")
    assert (mailed.code, mailed.key, mailed.params) == ("1102", "mail.refused_recipient", {"code": "550 5.1.1"})
    assert mailed.retry_after_s is None
    assert second.connections == 0
    assert service.account("a").state == "ready"


def test_when_all_fail_for_now_it_is_said_when_to_try_again(smtp, mail):
    provider = smtp()
    provider.replies["MAIL"] = "451 4.3.2 later"
    service = mail(account("a", provider.port), account("b", provider.port))
    mailed = service.send()
    assert (mailed.state, mailed.code, mailed.key) == ("failed", "1102", "mail.refused_sender")
    assert mailed.retry_after_s >= 5
    del provider.replies["MAIL"]
    assert service.send().state == "submitted"  # who rests is better than nobody
    assert {facts.state for facts in service.status().accounts} == {"ready", "resting"}


def test_a_text_that_nobody_confirmed_is_not_sent_again(smtp, mail, loop):
    hung, good = smtp(), smtp()
    gate = hung.waits["DATA"] = Gate(loop)
    service = mail(account("hung", hung.port), account("good", good.port))
    mailed = service.send(deadline_s=1, message_id="a" * 24)
    assert (mailed.state, mailed.code, mailed.account, mailed.key) == ("unknown", "1106", "hung", "mail.no_answer")
    again = service.send(deadline_s=1, message_id="a" * 24)
    assert (again.state, again.replayed) == ("unknown", True)
    assert good.received == []
    gate.open()


def test_the_deadline_is_kept_when_every_account_is_busy(smtp, mail, loop):
    provider = smtp()
    gate = provider.waits["DATA"] = Gate(loop)
    service = mail(account("only", provider.port))
    busy = [threading.Thread(target=service.send) for _ in range(4)]
    for thread in busy:
        thread.start()
    waits_for(lambda: provider.under_way == 4)
    began = time.monotonic()
    late = service.send(deadline_s=0.5)
    assert (late.state, late.code, late.key) == ("expired", "1203", "mail.expired")
    assert 0.4 < time.monotonic() - began < 1
    assert service.outcome(deadline_s=-1) == ("1203", "mail.expired")
    gate.open()
    for thread in busy:
        thread.join()
    assert (len(provider.received), provider.most_at_once) == (4, 4)


def test_a_burst_uses_few_connections_and_one_that_died_costs_nothing(smtp, mail, authority):
    provider = smtp("starttls", users={"a@example.com": PASSWORD})
    service = mail(account("a", provider.port, starttls=True, password=PASSWORD, ca_certificate=str(authority.pem)))
    for _ in range(10):
        assert service.send().state == "submitted"
    assert (provider.connections, provider.logins) == (1, 1)
    provider.hang_up()
    assert service.send().state == "submitted"
    assert (provider.connections, len(provider.received)) == (2, 11)
    facts = service.account("a")
    assert (facts.sent, facts.failed, facts.state) == (11, 0, "ready")


def test_a_refused_recipient_costs_no_connection(smtp, mail):
    provider = smtp()
    provider.unknown.add("nobody@example.org")
    service = mail(account("a", provider.port))
    for _ in range(3):
        assert service.outcome("nobody@example.org") == ("1102", "mail.refused_recipient")
        assert service.send().state == "submitted"
    assert (provider.connections, len(provider.received)) == (1, 3)


def test_a_flood_is_refused_with_a_word_when_to_try_again(smtp, mail, loop):
    provider = smtp()
    gate = provider.waits["DATA"] = Gate(loop)
    service = mail(*[account(f"a{n}", provider.port) for n in range(50)])
    flood = threading.Thread(target=service.send_many, args=(MOST_IN_HAND,), kwargs={"at_once": MOST_IN_HAND})
    flood.start()
    waits_for(lambda: service.status().in_hand == MOST_IN_HAND)
    with pytest.raises(BrokerError) as refused:
        service.send()
    assert (refused.value.code, refused.value.key) == (ResponseCode.LIMIT, "queue.full")
    assert refused.value.retry_after_s > 0
    gate.open()
    flood.join()
    assert len(provider.received) == MOST_IN_HAND


def test_a_change_of_settings_takes_effect_at_once(smtp, mail):
    first, second = smtp(), smtp()
    service = mail(account("a", first.port), account("b", second.port, active=False))
    assert by_account(service.send() for _ in range(3)) == {"a": 3}
    service.reload(account("a", first.port, active=False), account("b", second.port))
    assert by_account(service.send() for _ in range(3)) == {"b": 3}
    assert [facts.sent_today for facts in service.status().accounts] == [3, 3]
    service.reload()
    assert service.outcome() == ("1102", "mail.no_account")


def test_a_failing_account_is_tried_again_when_its_settings_change(smtp, mail):
    provider = smtp(users={"a@example.com": PASSWORD})
    service = mail(account("a", provider.port, password="wrong"))
    assert service.outcome() == ("1102", "mail.refused_auth")
    assert service.outcome() == ("1102", "mail.refused_auth")
    assert provider.logins == 1
    service.reload(account("a", provider.port, password=PASSWORD))
    assert service.send().state == "submitted"
    assert service.account("a").key == ""


def test_a_test_mail_goes_by_the_account_named_even_if_it_fails_or_is_not_active(smtp, mail):
    provider, other = smtp(users={"a@example.com": PASSWORD}), smtp()
    service = mail(account("a", provider.port, password="wrong", active=False), account("b", other.port))
    mailed = service.test("a")
    assert (mailed.state, mailed.key) == ("failed", "mail.refused_auth")
    service.reload(account("a", provider.port, password=PASSWORD, active=False), account("b", other.port))
    assert service.test("a").account == "a"
    assert (len(provider.received), len(other.received)) == (1, 0)
    with pytest.raises(BrokerError, match=r"settings\.no_entry_email"):
        service.test("c")


def test_a_mail_goes_by_the_account_that_it_names_and_by_no_other(smtp, mail):
    provider, other = smtp(users={"a@example.com": PASSWORD}), smtp()
    service = mail(account("a", provider.port, password=PASSWORD), account("b", other.port))
    assert [service.send(account=name).account for name in ("a", "a", "b", "a")] == ["a", "a", "b", "a"]
    assert (len(provider.received), len(other.received)) == (3, 1)
    service.reload(account("a", provider.port, password="wrong"), account("b", other.port))
    assert service.outcome(account="a") == ("1102", "mail.refused_auth")
    assert len(other.received) == 1
    with pytest.raises(BrokerError, match=r"settings\.no_entry_email"):
        service.send(account="c")


def test_wrong_addresses_and_texts_are_refused_before_anything_else(mail):
    service = mail()
    for wrong in ("", "nobody", "a@b@c", "a b@example.com", "a@-b.id", "x@[1.2.3.4]", "a\r\nRCPT TO:<x@y.z>@b.id"):
        assert service.outcome(wrong) == ("1105", "mail.address"), wrong
    assert service.outcome(subject="a\nBcc: x@y.z") == ("1102", "mail.no_account")
    assert service.outcome(subject="a\x00b") == ("1105", "envelope.control_character")


def test_a_babbling_server_fills_no_memory_and_ends_no_process(mail, smtp):
    def babble(_reader, say):
        while True:
            say(b"220-" + b"x" * 5000 + b"\r\n")

    babbler = Script(babble)
    service = mail(account("babbler", babbler.port), account("good", smtp().port))
    assert by_account(service.send() for _ in range(2)) == {"good": 2}
    babbler.stop()


def test_a_server_that_takes_one_mail_a_connection_costs_the_account_nothing(mail):
    def one_mail(reader, say):
        say(b"220 mx.test\r\n")
        mails = 0
        for line in reader:
            verb = line[:4].upper()
            mails += verb == b"MAIL"
            if verb == b"DATA":
                say(b"354 go on\r\n")
                while reader.readline() != b".\r\n":
                    pass
            say(b"503 5.5.1 one mail a connection\r\n" if mails > 1 else b"250 ok\r\n")

    strict = Script(one_mail)
    service = mail(account("a", strict.port))
    assert by_account(service.send() for _ in range(3)) == {"a": 3}
    assert service.account("a").state == "ready"
    strict.stop()
