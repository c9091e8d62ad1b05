"""What followers hear of mails, and what becomes of a repeated id."""

import contextlib
import threading

import pytest

from fakes.mail_service import account
from fakes.smtp import Gate
from fakes.waiting import waits_for
from otpbroker.verbs.events import AwaitOutcomes

CALLBACK = "https://app.example/otp"
TEXT = "OTP Anda adalah 1234"


def heard(service, after=0):
    """All that is told, once there is something after `after`."""
    return service.client.call(AwaitOutcomes(life="another"), 10).events[after:]


@contextlib.contextmanager
def following(service):
    """The answer to who waits for what comes next, when it has come."""
    answer = []
    asking = AwaitOutcomes(life=service.client.call(AwaitOutcomes()).life)
    waiting = threading.Thread(target=lambda: answer.append(service.client.call(asking, 20)))
    waiting.start()
    yield answer
    waiting.join()


def test_the_end_of_a_mail_is_told_with_what_its_sender_said_and_no_content(smtp, mail):
    provider = smtp()
    service = mail(account("a", provider.port))
    with following(service) as answer:
        service.send(id="42", reference="7", callback=CALLBACK, message_id="a" * 24)
    (event,) = answer[0].events
    assert (event.message_id, event.id, event.reference, event.callback) == ("a" * 24, "42", "7", CALLBACK)
    assert (event.door, event.user, event.account) == ("rest", "shop", "a")
    assert (event.state, event.code, event.recipient_masked) == ("submitted", "0000", "u****@example.org")
    assert not any(word in repr(answer) for word in (TEXT, "Kode", "user@"))


def test_every_end_is_told_once_and_no_refusal_no_repetition_and_no_test(smtp, mail):
    provider = smtp()
    provider.unknown.add("nobody@example.org")
    service = mail(account("a", provider.port))
    assert service.test("a").state == "submitted"
    assert service.outcome("not an@address") == ("1105", "mail.address")
    assert service.send("nobody@example.org").state == "failed"
    for _ in range(2):
        assert service.send(idempotency_key="k").state == "submitted"
    provider.stop()
    assert service.send(deadline_s=0.5).state != "submitted"
    failed, submitted, lost = heard(service)
    assert (failed.state, failed.code, failed.key) == ("failed", "1102", "mail.refused_recipient")
    assert [event.state for event in (submitted, lost)] == ["submitted", "failed"]
    assert [event.sequence for event in (failed, submitted, lost)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({}, 1),
        ({"text": "OTP Anda adalah 4321"}, 2),
        ({"recipient": "other@example.org"}, 2),
        ({"subject": "another"}, 2),
        ({"id": "43"}, 2),
        ({"id": ""}, 2),
        ({"user": "another"}, 2),
        ({"delivery_key": "new", "door": "amqp"}, 2),
        ({"idempotency_key": "new"}, 2),
    ],
)
def test_a_repeated_id_is_the_same_mail_only_where_all_else_is_the_same(smtp, mail, more, count):
    provider = smtp()
    service = mail(account("a", provider.port))
    first = service.send(id="42")
    again = service.send(**({"id": "42"} | more))
    assert (again.state, again.account, again.replayed) == ("submitted", "a", count == 1)
    assert (first.replayed, len(provider.received), len(heard(service))) == (False, count, count)


def test_what_a_broker_gives_again_without_a_name_is_known_by_its_content(smtp, mail):
    provider = smtp()
    service = mail(account("a", provider.port))
    assert not service.send(door="amqp").replayed
    assert not service.send(door="amqp").replayed  # another one, for all that is known
    assert service.send(door="amqp", broker_redelivered=True).replayed
    assert not service.send(door="amqp", broker_redelivered=True, text="another").replayed
    assert len(provider.received) == 3


def test_a_repeated_id_in_flight_waits_for_the_same_outcome(smtp, mail, loop):
    provider = smtp()
    gate = provider.waits["DATA"] = Gate(loop)
    service = mail(account("a", provider.port))
    outcomes = []
    doors = [threading.Thread(target=lambda: outcomes.append(service.send(id="42"))) for _ in range(3)]
    for door in doors:
        door.start()
    waits_for(lambda: provider.under_way)
    gate.open()
    for door in doors:
        door.join()
    assert [mailed.state for mailed in outcomes] == ["submitted"] * 3
    assert (len(provider.received), len(heard(service))) == (1, 1)


def test_a_repeated_id_of_a_failed_mail_is_tried_afresh(smtp, mail):
    provider = smtp()
    service = mail(account("a", provider.port))
    provider.replies["DATA"] = "554 5.6.0 no"
    assert service.send(id="42").state == "failed"
    del provider.replies["DATA"]
    tried, known = service.send(id="42"), service.send(id="42")
    assert [(mailed.state, mailed.replayed) for mailed in (tried, known)] == [("submitted", False), ("submitted", True)]


def test_how_the_last_mails_end_is_told_at_the_end(smtp, mail, loop):
    provider = smtp()
    gate = provider.waits["DATA"] = Gate(loop)
    service = mail(account("a", provider.port))
    with following(service) as answer:
        door = threading.Thread(target=service.send)
        door.start()
        waits_for(lambda: provider.under_way)
        end = threading.Thread(target=service.stop)
        end.start()
        gate.open()
        end.join()
        door.join()
    assert [event.state for event in answer[0].events] == ["submitted"]
