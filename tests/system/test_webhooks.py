"""Webhooks and callbacks of the whole system: what is told of a message, and what is not."""

import re
from pathlib import Path

import pytest

from fakes import canary
from fakes.readme import example
from fakes.waiting import waits_for
from fakes.webhook_server import SECRET, WebhookServer
from fakes.whole import Whole

NUMBER = "081234567890"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with Whole(tmp_path_factory.mktemp("whole"), "--simulate", 1) as running:
        assert running.otpb("settings", "set", "callbacks", "secret=-", stdin=SECRET).returncode == 0
        yield running


@pytest.fixture
def server():
    with WebhookServer() as made:
        yield made


def is_genuine():
    """The lines of the README."""
    found = {}
    exec(example("Webhooks and callbacks", "python"), found)  # noqa: S102 - our own README
    return found["is_genuine"]


def test_a_message_is_told_to_its_callback_and_the_webhook_and_nothing_of_its_text(whole, server):
    added = whole.otpb("webhook", "add", "Kantor", f"url={server.url('/hook')}")
    secret = re.search("whsec_[A-Za-z0-9+/=]+", added.stdout)[0]
    word = canary.token()
    answer = whole.sms(NUMBER, f"Kode {word}", callback=server.url("/cb?order=7"), headers={"Prefer": "respond-async"})
    assert answer.status == 202
    calls = server.until(4)
    assert sorted((call.path, call.type) for call in calls) == [
        ("/cb?order=7", "message.delivered"),
        ("/cb?order=7", "message.submitted"),
        ("/hook", "message.delivered"),
        ("/hook", "message.submitted"),
    ]
    for call in calls:
        key = secret if call.path == "/hook" else SECRET
        assert is_genuine()(call.headers, call.body, key)
        assert not is_genuine()(call.headers, call.body.replace(b"sim0", b"sim1"), key)
        data = call.json["data"]
        assert (data["id"], data["message_id"]) == ("123456", answer.data["message_id"])
        assert (data["msisdn"], data["user"], data["modem"]) == ("62812****890", "shop", "sim0")
    told = b"".join(repr((call.path, call.headers)).encode() + call.body for call in calls)
    search = canary.Search({"text": word, "number": NUMBER[1:]})
    assert search.octets(told, "calls") == []
    assert [hit for hit in search.folder(whole.root.parent) if hit[0] == "text"] == []
    assert search.processes(pid for pid in whole.pids().values() if pid) == []
    assert secret not in Path(whole.log).read_text()
    waits_for(lambda: not any(each["waiting"] for each in whole.told("webhook", "status")["endpoints"]))
    assert whole.otpb("webhook", "remove", "Kantor").returncode == 0


def test_webhooks_by_the_command_line(whole, server):
    given = ("secret=-", "active=true")
    assert (
        whole.otpb("webhook", "add", "a", f"url={server.url('/a')}", *given, stdin=SECRET).stdout.count("whsec_") == 0
    )
    assert [(hook["name"], hook["secret"]) for hook in whole.told("webhook", "list")["webhooks"]] == [("a", "********")]
    assert whole.told("webhook", "test", "a")["status"] == 204
    assert server.until(1)[0].is_signed()
    server.usual = 500
    tried = whole.otpb("webhook", "test", "a")
    assert (tried.returncode, tried.stderr) == (1, "The server answered with the HTTP status 500\n")
    server.usual = 410
    assert whole.sms(NUMBER, "x").code == "0000"
    waits_for(lambda: [alarm["key"] for alarm in whole.status()["alarms"]][:1] == ["alarm.webhook_gone"])
    assert "is gone (410)" in whole.otpb("status").stdout
    refused = whole.otpb("webhook", "set", "a", "url=ftp://x")
    assert (refused.returncode, "https://" in refused.stderr) == (1, True)
    assert whole.otpb("webhook", "set", "a", "active=false").returncode == 0
    assert whole.otpb("webhook", "test", "a").returncode == 1
    assert whole.otpb("webhook", "remove", "a").returncode == 0


def test_a_bad_callback_is_refused_before_anything_is_sent(whole):
    for callback in ("ftp://x/", "javascript:alert(1)", 7, "http://user@host/"):
        answer = whole.sms(NUMBER, "x", callback=callback)
        assert (answer.status, answer.code) == (400, "1105")


def test_how_the_last_messages_end_is_told_at_the_end(tmp_path, server):
    with Whole(tmp_path, "--simulate", 1) as running, running.simulator() as simulator:
        simulator.set(latency_s=0.7)
        for at in range(2):
            more = {"callback": server.url(f"/{at}"), "headers": {"Prefer": "respond-async"}}
            assert running.sms(f"08123456789{at}", "x", **more).status == 202
        assert running.stop() == 0
        assert {call.path for call in server.calls} == {"/0", "/1"}
        assert "message.submitted" in {call.type for call in server.calls}
