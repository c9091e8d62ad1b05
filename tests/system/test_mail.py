"""E-mail of the whole system: the customer's sample, the command line, changes at once, a killed process, canaries."""

import json
import os
import signal
import threading
import time

import pytest

from fakes import canary
from fakes.customer import MAIL
from fakes.http import basic
from fakes.smtp import PASSWORD, Authority, Gate, Loop, SmtpServer
from fakes.webhook_server import SECRET, WebhookServer
from fakes.whole import AUTH, Whole

SENDER = "otp@example.com"


@pytest.fixture(scope="module")
def loop():
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def provider(loop, authority):
    server = SmtpServer(loop, authority, "starttls", users={SENDER: PASSWORD})
    yield server
    server.stop()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with Whole(tmp_path_factory.mktemp("whole"), "--simulate", 1) as running:
        yield running


@pytest.fixture
def account(whole, provider, authority):
    """The only account, at `provider`, as a user adds it."""
    facts = ["host=localhost", f"port={provider.port}", f"sender={SENDER}", f"ca_certificate={authority.pem}"]
    added = whole.otpb("email", "add", "kantor", *facts, "password=-", stdin=PASSWORD)
    assert added.returncode == 0, added.stderr
    yield "kantor"
    assert whole.otpb("email", "remove", "kantor").returncode == 0


def mail(whole, text="OTP Anda adalah 1234", command="send-mail", to="user@example.org", more=None, **headers):
    """Without an id, which would name its repetition."""
    with whole.client() as client:
        data = {"recipient": to, "subject": "Kode", "message": text} | (more or {})
        return client.command(command, data, path="/api/mail", auth=AUTH, **headers)


def test_the_customers_sample_gives_exactly_one_mail(whole, provider, account):
    with whole.client() as client:
        answer = client.request("POST", "/api/mail", MAIL, AUTH, Content_type="application/json")
    assert (answer.status, answer.code, answer.json["command"]) == (200, "0000", "send-mail")
    assert answer.data == {"account": "kantor", "state": "submitted"}
    (received,) = provider.received
    assert (received.sender, received.recipient) == (SENDER, "admin@domain.tld")
    assert (received.message["Subject"], received.text) == ("Reset Password", "OTP Anda adalah 1234\n")


def test_the_recipient_tells_mail_from_sms(whole, provider, account):
    answer = mail(whole, command="send-message", more={"id": "m1"})
    assert answer.data == {"id": "m1", "account": "kantor", "state": "submitted"}
    sms = whole.sms("081234567890", "OTP Anda adalah 1234")
    assert (sms.data["modem"], len(provider.received)) == ("sim0", 1)
    with whole.client() as client:
        data = {"receiver": "user@example.org", "message": "OTP Anda adalah 1234"}
        assert client.command("send-message", data, auth=AUTH).code == "0000"
    assert provider.received[-1].message["Subject"] == "OTP Broker"
    wrong = mail(whole, to="not an@address")
    assert (wrong.status, wrong.code, wrong.data["reason"]) == (400, "1105", "mail.address")


def test_accounts_on_the_command_line(whole, provider, account):
    tested = whole.otpb("email", "test", "kantor", "boss@example.org")
    assert (tested.returncode, tested.stdout) == (0, "kantor sent the test mail\n")
    assert provider.received[-1].recipient == "boss@example.org"
    (listed,) = whole.told("email", "list")["email"]
    assert (listed["name"], listed["password"], listed["quota_day"]) == ("kantor", "********", 500)
    (facts,) = whole.told("email", "status")["accounts"]
    assert (facts["state"], facts["sent_today"], facts["sent"]) == ("ready", facts["sent_today"], 1)
    assert whole.status()["mail"]["accounts"][0]["name"] == "kantor"
    words = whole.otpb("email", "status").stdout
    assert words.splitlines()[0].split()[:3] == ["NAME", "SENDER", "STATE"]
    provider.users[SENDER] = "changed"
    provider.hang_up()
    refused = whole.otpb("email", "test", "kantor", "boss@example.org")
    assert (refused.returncode, "535 5.7.8" in refused.stderr) == (1, True)
    assert "password" in whole.otpb("email", "set", "kantor", "password=visible").stderr
    assert whole.otpb("email", "set", "kantor", "password=none", "auth=false").returncode == 0
    preset = whole.otpb("email", "add", "gmail", "--preset", "gmail-465", "sender=a@gmail.com", "active=false")
    assert preset.returncode == 0
    gmail = whole.told("email", "list")["email"][1]
    assert (gmail["host"], gmail["port"], gmail["tls"]) == ("smtp.gmail.com", 465, True)
    assert whole.otpb("email", "remove", "gmail").returncode == 0


def test_changes_take_effect_at_once(whole, provider, account):
    assert mail(whole).code == "0000"
    for change, code in (("active=false", "1102"), ("active=true", "0000"), ("quota_day=1", "1107")):
        assert whole.otpb("email", "set", "kantor", change).returncode == 0
        answer = mail(whole)
        assert answer.code == code
    assert (answer.status, answer.data["reason"]) == (429, "mail.quota_used")
    assert int(answer.headers["retry-after"]) > 0
    with whole.client() as client:
        metrics = client.request("GET", "/metrics").body.decode()
    assert 'otpb_mail_sent_total{account="kantor"}' in metrics


def test_a_relay_that_cannot_listen_is_refused_in_plain_words(whole, provider, account):
    port = f"port={provider.port}"
    values = ["active=true", "server_name=mx.example.net", "address=127.0.0.1", port, "relay_username=a"]
    refused = whole.otpb("settings", "set", "smtp", *values, "relay_password=b")
    assert refused.returncode == 1
    assert f"The relay cannot listen at 127.0.0.1 port {provider.port}: address already in use" in refused.stderr
    assert whole.told("settings", "get", "smtp")["active"] is False
    assert mail(whole).code == "0000"


def test_a_killed_process_sends_nothing_twice_and_the_door_says_what_is_known(whole, provider, account, loop):
    gate = provider.waits["DATA"] = Gate(loop)
    answers = []
    door = threading.Thread(target=lambda: answers.append(mail(whole, Idempotency_Key="k1")))
    door.start()
    whole.until(lambda: provider.under_way)
    os.kill(whole.pids()["mail"], signal.SIGKILL)
    door.join()
    gate.open()
    (answer,) = answers
    assert (answer.status, answer.code, answer.data["reason"]) == (200, "1106", "mail.in_doubt")
    again = mail(whole, Idempotency_Key="k1")
    assert (again.code, again.data["replayed"]) == ("1106", True)
    assert mail(whole, text="another", Idempotency_Key="k2").code == "0000"
    assert len(provider.received) <= 2


def test_a_mail_is_told_to_its_callback_and_the_webhook_and_nothing_of_what_is_in_it(whole, provider, account):
    names = ("text", "subject", "local part")
    words = {name: canary.token() for name in names}
    with WebhookServer() as server:
        assert whole.otpb("settings", "set", "callbacks", "secret=-", stdin=SECRET).returncode == 0
        url = server.url("/hook")
        assert whole.otpb("webhook", "add", "a", f"url={url}", "secret=-", stdin=SECRET).returncode == 0
        more = {"id": 7, "subject": words["subject"], "callback": server.url("/cb")}
        for replayed in (False, True):
            answer = mail(whole, words["text"], to=f"{words['local part']}@example.org", more=more)
            assert (answer.code, answer.data.get("replayed", False)) == ("0000", replayed)
        with whole.client() as client:
            data = {
                "reference": "r1",
                "receiver": "user@example.org",
                "message": "Kode %s",
                "callback": more["callback"],
            }
            assert client.command("request-otp", data, path="/api/otp", auth=AUTH).code == "0000"
        assert whole.sms("081234567890", "x", callback=server.url("/sms")).code == "0000"
        calls = server.until(8)
        assert whole.otpb("webhook", "remove", "a").returncode == 0
    mails = [call for call in calls if call.json["data"]["channel"] == "email"]
    told = [(call.path, call.type, call.json["data"]["id"], call.json["data"]["reference"]) for call in mails]
    assert sorted(told) == [
        ("/cb", "message.submitted", "", "r1"),
        ("/cb", "message.submitted", "7", ""),
        ("/hook", "message.submitted", "", "r1"),
        ("/hook", "message.submitted", "7", ""),
    ]
    assert all(call.is_signed() for call in mails)
    data = next(call.json["data"] for call in mails if call.json["data"]["id"] == "7")
    assert (data["account"], data["user"]) == ("kantor", "shop")
    assert data["recipient"] == f"{words['local part'][0]}****@example.org"
    search = canary.Search(words)
    assert (
        search.octets(b"".join(repr((call.path, call.headers)).encode() + call.body for call in calls), "calls") == []
    )
    assert search.folder(whole.root.parent) == []
    assert provider.received[0].text.strip() == words["text"]


def test_a_bad_callback_of_a_mail_is_refused_before_anything_is_sent(whole, provider, account):
    answer = mail(whole, more={"callback": "ftp://x/"})
    assert (answer.status, answer.code, len(provider.received)) == (400, "1105", 0)


def test_no_mail_is_left_behind(whole, provider, account, loop, tmp_path_factory):
    began_s = time.time() - 1
    names = ("sent", "subject", "local part", "key", "refused", "late", "killed", "cut", "wrong", "otpb")
    words = {name: canary.token() for name in names}

    def send(text, **more):
        return mail(whole, words[text], **more)

    with whole.client() as client:
        data = {
            "recipient": f"{words['local part']}@example.org",
            "subject": words["subject"],
            "message": words["sent"],
        }
        assert client.command("send-mail", data, auth=AUTH, Idempotency_Key=words["key"]).code == "0000"
    provider.unknown.add("nobody@example.org")
    assert send("refused", to="nobody@example.org").code == "1102"
    assert send("wrong", to=f"{words['wrong']} is no address").code == "1105"
    body = json.dumps({"command": "send-mail", "data": {"recipient": "a@b.id", "message": words["cut"]}})
    with whole.client() as client:
        assert client.request("POST", "/api/mail", body[:-3], basic("shop", "a long password")).status == 400
    gate = provider.waits["DATA"] = Gate(loop)
    door = threading.Thread(target=send, args=("killed",))
    door.start()
    whole.until(lambda: provider.under_way)
    os.kill(whole.pids()["mail"], signal.SIGABRT)
    door.join()
    gate.open()
    search = canary.Search(words)
    pids = [whole.process.pid, *whole.pids().values()]
    hits = search.folder(whole.root) + search.temporary(began_s) + search.processes(pid for pid in pids if pid)
    assert hits == []
    assert search.octets(whole.log.read_bytes(), "log") == []
    assert search.octets(provider.received[0].octets, "mail") != []
