"""The real process: killed, reloaded, drained; and what it leaves on the disk."""

import threading

import pytest

from fakes.canary import Search, token
from fakes.mail_service import MailDesk, account
from fakes.service_process import ServiceProcess
from fakes.smtp import PASSWORD, Gate
from fakes.waiting import waits_for
from otpbroker.verbs.events import AwaitOutcomes


class MailProcess(ServiceProcess, MailDesk):
    def __init__(self, root, *accounts):
        super().__init__(root, "mail")
        self.connect(root, *accounts)

    def close(self):
        self.client.close()
        super().close()


@pytest.fixture
def process(tmp_path):
    """Makes the process on accounts, started."""
    made = []

    def make(*accounts):
        made.append(MailProcess(tmp_path, *accounts))
        return made[-1].start()

    yield make
    for each in made:
        each.close()


@pytest.fixture
def at_door(process):
    """Sends in a thread of its own; the outcomes."""
    outcomes, threads = [], []

    def send(mail, **fields):
        threads.append(threading.Thread(target=lambda: outcomes.append(mail.send(deadline_s=20, **fields))))
        threads[-1].start()

    def wait():
        for thread in threads:
            thread.join(30)
        return outcomes

    send.outcomes = wait
    return send


def test_a_mail_that_had_not_left_is_sent_by_the_next_life_once(process, at_door, smtp, loop):
    provider = smtp()
    gate = provider.waits["MAIL"] = Gate(loop)
    mail = process(account("a", provider.port))
    at_door(mail)
    waits_for(lambda: provider.connections)
    mail.kill()
    gate.open()
    mail.start()
    (mailed,) = at_door.outcomes()
    assert (mailed.state, mailed.account, mailed.replayed) == ("submitted", "a", False)
    assert len(provider.received) == 1


@pytest.mark.parametrize("name", [{}, {"idempotency_key": "order-42"}, {"delivery_key": "queue 7", "door": "amqp"}])
def test_a_text_that_had_left_is_not_sent_again(process, at_door, smtp, loop, name):
    provider = smtp()
    gate = provider.waits["DATA"] = Gate(loop)
    mail = process(account("a", provider.port))
    at_door(mail, **name)
    waits_for(lambda: provider.under_way)
    mail.kill()
    mail.start()
    (mailed,) = at_door.outcomes()
    assert (mailed.state, mailed.code, mailed.key) == ("unknown", "1106", "mail.in_doubt")
    (event,) = mail.client.call(AwaitOutcomes(life="another")).events
    assert (event.state, event.key) == ("unknown", "mail.in_doubt")
    gate.open()
    assert mail.account("a").sent_today == 1
    if name:
        assert mail.send(**name).state == "unknown"
    assert len(provider.received) <= 1


def test_the_same_key_gives_the_same_outcome_and_other_content_is_refused(process, smtp):
    provider = smtp()
    mail = process(account("a", provider.port))
    first = mail.send(idempotency_key="k")
    again = mail.send(idempotency_key="k")
    assert (first.replayed, again.replayed, again.account) == (False, True, "a")
    assert mail.outcome(idempotency_key="k", text="another") == ("1105", "idempotency.other_content")
    assert mail.outcome(idempotency_key="k", user="another") == ("0000", "")
    assert mail.send(delivery_key="7", door="amqp").replayed is False
    assert mail.send(delivery_key="7", door="amqp").replayed is True
    assert mail.send(delivery_key="7", door="amqp", text="another").replayed is False
    assert len(provider.received) == 4


def test_a_failed_mail_is_tried_afresh_under_the_same_key(process, smtp):
    provider = smtp()
    mail = process(account("a", provider.port))
    provider.replies["DATA"] = "554 5.6.0 no"
    assert mail.send(idempotency_key="k").state == "failed"
    del provider.replies["DATA"]
    assert mail.send(idempotency_key="k").state == "submitted"


def test_one_who_asks_meanwhile_waits_for_the_same_outcome(process, at_door, smtp, loop):
    provider = smtp()
    gate = provider.waits["DATA"] = Gate(loop)
    mail = process(account("a", provider.port))
    for _ in range(3):
        at_door(mail, idempotency_key="k")
    waits_for(lambda: provider.under_way)
    gate.open()
    assert [mailed.state for mailed in at_door.outcomes()] == ["submitted"] * 3
    assert len(provider.received) == 1


def test_settings_are_taken_or_refused_while_it_runs(process, smtp):
    first, second = smtp(), smtp()
    mail = process(account("a", first.port))
    mail.write(account("a", second.port))
    assert "ERRNO=0" in mail.reload()
    assert mail.send().state == "submitted"
    mail.write(account("a", first.port), account("b", first.port, sender="x@straße.de"))
    assert "ERRNO=22" in mail.reload()
    assert mail.status().settings_error == "mail.sender"
    assert mail.send().state == "submitted"
    assert (len(first.received), len(second.received)) == (0, 2)


def test_the_end_waits_for_what_is_under_way_and_refuses_the_rest(process, at_door, smtp, loop):
    provider = smtp()
    gate = provider.waits["DATA"] = Gate(loop)
    mail = process(account("a", provider.port))
    at_door(mail)
    waits_for(lambda: provider.under_way)
    assert mail.status().in_hand == 1
    mail.terminate()
    mail.await_word("STOPPING=1")
    waits_for(lambda: mail.outcome("second@example.org", deadline_s=0.2) == ("1102", "mail.stopping"))
    gate.open()
    assert mail.wait() == 0
    assert [mailed.state for mailed in at_door.outcomes()] == ["submitted"]


def test_nothing_that_was_said_is_on_the_disk_or_in_the_log(process, at_door, smtp, authority, loop):
    words = {name: token() for name in ("text", "subject", "recipient", "key", "refused", "cut off", "password")}
    provider = smtp("starttls", users={"a@example.com": PASSWORD})
    trusted = {"starttls": True, "ca_certificate": str(authority.pem)}
    mail = process(account("a", provider.port, password=PASSWORD, **trusted))
    sent = mail.send(
        f"{words['recipient']}@example.org",
        f"Kode {words['text']}",
        subject=words["subject"],
        idempotency_key=words["key"],
    )
    assert sent.state == "submitted"
    provider.replies["DATA"] = f"554 5.6.0 do not send {words['refused']}"
    mail.send(text=words["refused"])
    del provider.replies["DATA"]
    gate = provider.waits["DATA"] = Gate(loop)
    at_door(mail, text=words["cut off"])
    waits_for(lambda: provider.under_way)
    search = Search(words)
    assert search.processes([mail.pid]) == []
    mail.kill()
    assert search.folder(mail.paths.root) == []
    gate.open()
    mail.start()
    at_door.outcomes()
    (mail.paths.root / "planted").write_text(words["text"])
    assert [hit[0] for hit in search.folder(mail.paths.root)] == ["text"]
    assert "to k" not in mail.log()
    assert f"to {words['recipient'][0]}****@example.org: submitted by a" in mail.log()
