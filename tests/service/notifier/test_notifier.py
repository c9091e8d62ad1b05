"""Outcomes told to real servers: all of them, to the right ones, signed, and again after failures."""

import itertools
import threading
import time

import pytest

from fakes.outcomes import outcome
from fakes.waiting import waits_for
from fakes.webhook_server import SECRET, WebhookServer
from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.config.sections.webhooks import CallbacksSection, Webhook, WebhooksSection
from otpbroker.errors import BrokerError
from otpbroker.notifier import notifier as rooms
from otpbroker.notifier.notifier import Notifier
from otpbroker.notifier.schedule import Pauses
from otpbroker.secrets import Secret

QUICK = Pauses(message_s=(0.05, 0.1), endpoint_s=(0.1, 0.2))


@pytest.fixture
def server():
    with WebhookServer() as made:
        yield made


@pytest.fixture
def notify():
    """Makes a running notifier of these webhooks (name=url) and callbacks."""
    made = []

    def make(callbacks=None, *, pauses=QUICK, timeout_s=2.0, threads=16, **hooks):
        one = Notifier(Caller(Guard(), timeout_s=timeout_s), loopback=True, pauses=pauses, threads=threads)
        made.append(one)
        configure(one, callbacks, **hooks)
        one.start()
        return one

    yield make
    for each in made:
        each.stop(0)


def configure(one, callbacks=None, **hooks):
    entries = tuple(
        hook if isinstance(hook, Webhook) else Webhook(name=name, url=hook, secret=Secret(SECRET))
        for name, hook in hooks.items()
    )
    one.configure(WebhooksSection(webhooks=entries), callbacks or CallbacksSection())


def states(one):
    return {endpoint.name: endpoint for endpoint in one.state().endpoints}


def test_every_webhook_and_the_callback_are_told_and_signed(server, notify):
    one = notify(CallbacksSection(secret=Secret(SECRET)), a=server.url("/a"), b=server.url("/b"))
    one.take([outcome(callback=server.url("/cb")), outcome()])
    calls = server.until(5)
    assert sorted(call.path for call in calls) == ["/a", "/a", "/b", "/b", "/cb"]
    assert all(call.is_signed() for call in calls)
    assert {call.type for call in calls} == {"message.submitted"}
    assert len({call.id for call in calls}) == 2
    assert abs(int(calls[0].headers["webhook-timestamp"]) - time.time()) < 10
    waits_for(lambda: not any(endpoint.waiting for endpoint in states(one).values()))
    assert {name: endpoint.delivered for name, endpoint in states(one).items()} == {
        "a": 2,
        "b": 2,
        f"http://127.0.0.1:{server.port}": 1,
    }


def test_callbacks_go_unsigned_without_a_secret_and_not_at_all_where_they_are_off(server, notify):
    one = notify()
    one.take([outcome(callback=server.url("/cb"))])
    assert "webhook-signature" not in server.until(1)[0].headers
    configure(one, CallbacksSection(enabled=False), a=server.url("/a"))
    one.take([outcome(callback=server.url("/cb"))])
    assert server.until(2)[1].path == "/a"
    assert list(states(one)) == ["a"]


def test_a_failed_call_is_made_again_under_its_name(server, notify):
    server.answers.extend([500, 404, 503, (429, {"Retry-After": "1"})])
    one = notify(a=server.url("/a"))
    one.take([outcome()])
    calls = server.until(5)
    assert len({(call.id, call.body) for call in calls}) == 1
    assert all(call.is_signed() for call in calls)
    waits_for(lambda: states(one)["a"].delivered == 1)
    assert (states(one)["a"].failed, states(one)["a"].last_error_params) == (4, {"status": 429})


def test_a_message_that_is_always_refused_holds_up_no_other(server, notify):
    poison = outcome()
    server.usual = lambda handler: None  # replaced below, once its name is known

    def answer(handler):
        bad = handler.headers["webhook-id"].startswith(f"msg_{poison.message_id}")
        handler.send_response(500 if bad else 200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.usual = answer
    one = notify(a=server.url("/a"))
    good = [outcome() for _ in range(20)]
    one.take([poison, *good])
    waits_for(lambda: states(one)["a"].delivered == 20)
    assert states(one)["a"].waiting == 1


def test_servers_that_are_down_or_hang_hold_up_no_other(server, notify):
    never = threading.Event()
    with WebhookServer() as down:
        gone = down.url("/gone")
    with WebhookServer() as hangs:
        hangs.usual = lambda handler: never.wait(20)
        one = notify(down=gone, hangs=hangs.url("/hangs"), up=server.url("/up"), timeout_s=5.0)
        began = time.monotonic()
        one.take([outcome() for _ in range(50)])
        assert len({call.id for call in server.until(50)}) == 50
        assert time.monotonic() - began < 3
        waits_for(lambda: states(one)["down"].state == "failing")
        assert states(one)["down"].last_error == "calling.no_connection"
        never.set()


def test_what_waited_for_a_server_arrives_when_it_is_back(notify):
    with WebhookServer() as first:
        port = first.port
    one = notify(a=f"http://127.0.0.1:{port}/a")
    told = [outcome(), outcome("delivered"), outcome("unknown")]
    one.take(told)
    waits_for(lambda: states(one)["a"].failed >= 2)
    with WebhookServer(port=port) as again:
        assert [call.type.partition(".")[2] for call in again.until(3)[:1]] == ["submitted"]
        assert {call.type for call in again.until(3)} == {f"message.{event.state}" for event in told}
        waits_for(lambda: states(one)["a"].delivered == 3)
    assert one.state().alarms == []


def test_a_webhook_that_is_gone_is_called_no_more_until_it_is_changed(server, notify):
    server.answers.append(410)
    one = notify(a=server.url("/a"))
    one.take([outcome()])
    waits_for(lambda: states(one)["a"].state == "gone")
    assert [alarm.key for alarm in one.state().alarms] == ["alarm.webhook_gone", "alarm.webhook_dropped"]
    one.take([outcome()])
    configure(one, a=server.url("/a"))
    assert states(one)["a"].state == "gone"
    configure(one, a=server.url("/b"))
    one.take([outcome()])
    assert [call.path for call in server.until(2)] == ["/a", "/b"]


def test_a_redirect_is_not_followed(server, notify):
    with WebhookServer() as elsewhere:
        server.answers.append((307, {"Location": elsewhere.url("/stolen")}))
        notify(a=server.url("/a")).take([outcome()])
        assert [call.path for call in server.until(2)] == ["/a", "/a"]
        assert elsewhere.calls == []


def test_a_changed_address_takes_over_what_waited(server, notify):
    with WebhookServer() as gone:
        old = gone.url("/old")
    one = notify(a=old)
    one.take([outcome()])
    waits_for(lambda: states(one)["a"].failed)
    configure(one, a=Webhook(name="a", url=server.url("/new")))
    (call,) = server.until(1)
    assert (call.path, "webhook-signature" in call.headers) == ("/new", False)


def test_an_inactive_webhook_is_not_called(server, notify):
    one = notify(a=Webhook(name="a", url=server.url("/a"), active=False), b=server.url("/b"))
    one.take([outcome()])
    assert server.until(1)[0].path == "/b"
    with pytest.raises(BrokerError) as unknown:
        one.attempt("a")
    assert unknown.value.params == {"entry": "a", "known": "b"}


def test_a_test_call_says_what_came_of_it(server, notify):
    one = notify(a=server.url("/a"), b="http://169.254.169.254/latest")
    assert (one.attempt("a")().status, server.calls[0].type) == (204, "webhook.test")
    assert server.calls[0].is_signed()
    server.answers.append(404)
    tried = one.attempt("a")()
    assert (tried.status, tried.key, tried.params) == (404, "notifier.status", {"status": 404})
    assert one.attempt("b")().key == "notifier.address_refused"


def test_callbacks_to_many_servers_take_bounded_room(notify, monkeypatch):
    monkeypatch.setattr(rooms, "MOST_CALLBACK_SERVERS", 5)
    one = notify(pauses=Pauses((60.0,), (60.0,)))
    one.take([outcome(callback=f"http://127.0.0.{n}:9/cb") for n in range(1, 30)])
    assert len(one.state().endpoints) == 5


def test_the_end_waits_a_moment_for_what_is_due(server, notify):
    server.usual = lambda handler: time.sleep(0.2) or say_no_more(handler)
    with WebhookServer() as gone:
        down = gone.url("/down")
    one = notify(a=server.url("/a"), down=down, pauses=Pauses((60.0,), (60.0,)))
    one.take([outcome() for _ in range(6)])
    began = time.monotonic()
    one.stop(5.0)
    assert time.monotonic() - began < 3
    assert states(one)["a"].delivered == 6


def say_no_more(handler):
    handler.send_response(204)
    handler.end_headers()


def test_few_threads_serve_many(server, notify):
    one = notify(threads=2, **{f"h{n}": server.url(f"/{n}") for n in range(10)})
    events = [outcome() for _ in range(10)]
    one.take(events)
    calls = server.until(100)
    assert {(call.path, call.id) for call in calls} == {
        (f"/{n}", f"msg_{event.message_id}_submitted") for n, event in itertools.product(range(10), events)
    }
