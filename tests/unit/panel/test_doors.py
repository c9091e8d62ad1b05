import json
import re
import socket
from html import unescape

import pytest

from fakes.panel import NOTHING
from otpbroker.config import passwords
from otpbroker.config.sections.api import ApiUsersSection
from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.config.sections.webhooks import CallbacksSection, WebhooksSection
from otpbroker.envelope import sealed
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import SetSection
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.dispatch import DispatchStatus, Status
from otpbroker.verbs.feeders import FeederState
from otpbroker.verbs.notifier import EndpointState, NotifierState, NotifierStatus, Tried, TryWebhook

PAGES = ("/api", "/api-users", "/rabbitmq", "/wsmessagebroker", "/webhooks", "/callbacks")
API = {
    "http_port": "8889",
    "http_enabled": "true",
    "https_port": "10443",
    "message_path": "/api/sms",
    "blocking_path": "/api/block",
    "unblocking_path": "/api/unblock",
    "mail_path": "/api/mail",
    "otp_path": "/api/otp",
}


def made(page, name):
    return unescape(re.search(rf'id="made-{name}"[^>]*><code>([^<]*)<', page.text)[1])


def set_api(here, **values):
    given = {name: Secret(str(value)) for name, value in values.items()}
    assert here.settings.call(SetSection(section="api", values=given)).changed


# The API


def test_the_api_page_says_what_listens_and_where_applications_reach_it(here, browser):
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_server(("127.0.0.1", 0)) as other:
        closed = other.getsockname()[1]
        other.close()
        set_api(here, http_port=listening.getsockname()[1], https_port=closed, https_enabled="true")
        page = browser.get("/api").text
    assert f"http://192.168.0.11:{here.desk.settings.api.http_port}/api/sms" in page
    assert f"http://192.168.0.11:{here.desk.settings.api.http_port}/openapi.json" in page
    assert "Listening" in page
    assert f"HTTPS is on, but port {closed} stays closed" in page


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"http_port": "8890"}, "A port changes"),
        ({"otp_path": "/otp"}, "A path changes"),
        ({"http_enabled": None, "https_enabled": "true"}, "HTTP would be off"),
        ({"http_enabled": None}, "Both ports would be off"),
    ],
)
def test_what_applications_use_goes_away_only_after_a_question(here, browser, change, asked):
    typed = {name: value for name, value in (API | change).items() if value is not None}
    before = here.desk.settings.api
    page = browser.post("/api", typed)
    assert (page.status, asked in page.text, here.desk.settings.api) == (200, True, before)
    assert browser.post("/api", typed | {"sure": "yes"}).to == "/api"
    assert here.desk.settings.api != before


def test_other_changes_are_not_asked_about_and_errors_come_first(here, browser):
    assert browser.post("/api", API | {"https_enabled": "true", "https_port": "10444"}).to == "/api"
    wrong = browser.post("/api", API | {"http_port": "0", "mail_path": "nix"})
    assert (wrong.status, wrong.text.count('aria-invalid="true"'), "Save anyway" in wrong.text) == (422, 2, False)
    assert 'value="nix"' in wrong.text


# Its users


def test_a_made_password_is_shown_once_with_programs_that_hold_it_and_never_again(here, browser):
    assert 'name="password.make" checked' in browser.get("/api-users/add").text
    page = browser.post("/api-users/add", {"username": "sh'op", "password.make": "on", "active": "true"})
    assert page.status == 200
    password = made(page, "password")
    user = here.store.load(ApiUsersSection).api_users[0]
    assert passwords.verify(Secret(password), user.password_hash)
    assert unescape(page.text).count(password) > 12
    assert "http://192.168.0.11:8889/api/otp" in page.text
    view = browser.get("/api-users/view?key=sh%27op").text
    assert (password in view, "PASSWORD" in view, "sh'op" in unescape(view)) == (False, True, True)
    assert all(password not in browser.get(path).text for path in ("/api-users", "/api-users/edit?key=sh%27op"))


def test_a_typed_password_wins_and_is_not_shown(here, browser):
    told = browser.post("/api-users/add", {"username": "shop", "password": "typed by hand", "password.make": "on"})
    assert told.to == "/api-users"
    user = here.store.load(ApiUsersSection).api_users[0]
    assert passwords.verify(Secret("typed by hand"), user.password_hash)


def test_a_form_that_is_wrong_keeps_the_tick_and_makes_a_password_when_it_is_right(here, browser):
    wrong = browser.post("/api-users/add", {"username": "a:b", "password.make": "on"})
    assert wrong.status == 422
    assert 'name="password.make" checked' in wrong.text
    page = browser.post("/api-users/add", {"username": "ab", "password.make": "on"})
    user = here.store.load(ApiUsersSection).api_users[0]
    assert passwords.verify(Secret(made(page, "password")), user.password_hash)


def test_the_whole_life_of_an_api_user(here, browser):
    browser.post("/api-users/add", {"username": "shop", "password": "typed by hand", "active": "true"})
    one = lambda: here.store.load(ApiUsersSection).api_users[0]  # noqa: E731 - shorter
    fields = {"name": "Toko", "phone": "0812", "email": "a@b.id", "active": "true"}
    assert browser.post("/api-users/edit?key=shop", fields).to == "/api-users/view?key=shop"
    assert (one().name, one().phone, one().email, one().active) == ("Toko", "0812", "a@b.id", True)
    for action, flags in (
        ("block", (True, True)),
        ("unblock", (True, False)),
        ("deactivate", (False, False)),
        ("activate", (True, False)),
    ):
        assert browser.post(f"/api-users/{action}?key=shop").status == 303
        assert (one().active, one().blocked) == flags
    again = browser.post("/api-users/edit?key=shop", fields | {"password.make": "on"})
    assert passwords.verify(Secret(made(again, "password")), one().password_hash)
    assert browser.get("/api-users/delete?key=shop").status == 200
    assert browser.post("/api-users/delete?key=shop").to == "/api-users"
    assert here.store.load(ApiUsersSection).api_users == ()


def test_without_an_address_there_is_nothing_to_paste(here, browser):
    browser.post("/api-users/add", {"username": "shop", "password": "typed by hand"})
    set_api(here, http_enabled="false")
    page = browser.get("/api-users/view?key=shop").text
    assert "The REST API is off" in page
    assert "<pre" not in page


# Feeders


def status(*feeders):
    return DispatchStatus(version="0", uptime_s=1, modems=[], counters=NOTHING, alarms=[], feeders=list(feeders))


BROKEN = FeederState(
    feeder="amqp",
    state="failed",
    since=1e9,
    server="RabbitMQ <b>4</b>",
    key="feeder.credentials",
    last_error="feeder.tls",
    last_error_params={"reason": "<script>"},
    last_error_at=1e9,
    received=12345,
    answered={"0000": 7, "1103": 2},
)


def test_a_feeder_page_says_how_it_fares(here, browser):
    here.dispatch.answers[Status] = status(BROKEN)
    page = browser.get("/rabbitmq").text
    for said in (
        "Failed, tries again",
        "The server refuses user name and password",
        "TLS with the server fails: &lt;script&gt;",
        "RabbitMQ &lt;b&gt;4&lt;/b&gt;",
        "12,345",
        "1103 The number is blocked",
    ):
        assert said in page
    piece = browser.get("/rabbitmq/status", **{"HX-Request": "true"}).text
    assert "Failed, tries again" in piece
    assert "<html" not in piece
    assert browser.get("/rabbitmq/status").to == "/rabbitmq"


@pytest.mark.parametrize("path", ["/rabbitmq", "/wsmessagebroker"])
def test_a_feeder_page_opens_while_dispatch_is_away(here, browser, path):
    del here.dispatch.answers[Status]
    page = browser.get(path)
    assert page.status == 200
    assert "does not answer" in page.text


def test_feeders_are_switched_and_say_what_is_missing(here, browser):
    refused = browser.post("/wsmessagebroker/activate")
    assert refused.to == "/wsmessagebroker"
    assert 'class="notice failed"' in browser.get("/wsmessagebroker").text
    form = {"host": "ws.example", "port": "443", "path": "/ws", "channel": "otp", "timeout_s": "10"}
    form |= {"reconnect_delay_s": "5", "refresh_s": "0", "username": "pi", "password": "geheim", "tls": "true"}
    assert browser.post("/wsmessagebroker", form).to == "/wsmessagebroker"
    assert browser.post("/wsmessagebroker/activate").status == 303
    page = browser.get("/wsmessagebroker").text
    assert "It is active now" in page
    assert "geheim" not in page
    sample = json.loads(unescape(re.search(r'id="message-sms"[^>]*><code>([^<]*)<', page)[1]))
    assert (sample["command"], sample["channel"], sample["data"][0]["command"]) == ("send-message", "otp", "send-sms")
    assert "At most once" in page
    assert browser.post("/wsmessagebroker/deactivate").status == 303
    assert not here.desk.section("websocket")["enabled"]


def test_a_key_pair_is_made_the_public_key_shown_and_the_private_one_stored(here, browser):
    form = {"host": "rabbit.example", "port": "5672", "vhost": "/", "queue": "sms", "timeout_s": "10"}
    form |= {"heartbeat_s": "15", "reconnect_delay_s": "5", "refresh_s": "0", "require_sealed": "true"}
    wrong = browser.post("/rabbitmq", form)
    assert wrong.status == 422
    page = browser.post("/rabbitmq", form | {"private_key.make": "on"})
    public = made(page, "private_key")
    stored = here.store.load(AmqpSection)
    assert stored.private_key.reveal() not in page.text
    box = sealed.seal(b"{}", public)
    assert sealed.Opener(stored.private_key, required=True).open(box, sealed.CONTENT_TYPE) == b"{}"


# Webhooks and callbacks

HOOK = EndpointState(
    name="Kantor",
    kind="webhook",
    address="app.example",
    state="failing",
    waiting=3,
    delivered=41,
    failed=5,
    dropped=0,
    last_error="notifier.status",
    last_error_params={"status": 500},
    last_error_at=1e9,
)
SERVER = EndpointState(
    name="https://cb.example",
    kind="callback",
    address="cb.example",
    state="idle",
    waiting=0,
    delivered=1,
    failed=0,
    dropped=0,
)


def test_a_webhook_from_its_secret_to_its_end(here, browser):
    page = browser.post(
        "/webhooks/add", {"name": "Kantor", "url": "https://app.example/x", "secret.make": "on", "active": "true"}
    )
    secret = made(page, "secret")
    hooks = lambda: here.store.load(WebhooksSection).webhooks  # noqa: E731 - shorter
    assert (hooks()[0].secret.reveal(), secret[:6]) == (secret, "whsec_")
    here.notifier.answers[NotifierStatus] = NotifierState(endpoints=[HOOK, SERVER], missed=0, alarms=[])
    for path in ("/webhooks", "/webhooks/view?key=Kantor"):
        page = browser.get(path).text
        assert "Does not answer well" in page
        assert secret not in page
    assert "The server answered with the HTTP status 500" in page
    assert browser.post("/webhooks/deactivate?key=Kantor").status == 303
    assert browser.post("/webhooks/activate?key=Kantor").status == 303
    assert browser.post("/webhooks/delete?key=Kantor").to == "/webhooks"
    assert hooks() == ()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Tried(status=204, latency_ms=12), "answered with 204 after 12 ms"),
        (Tried(status=0, latency_ms=0, key="calling.timeout", params={"seconds": 15}), "within 15 seconds"),
        (BrokerError(ResponseCode.FAILED, "notifier.unavailable"), "notification service is not running"),
    ],
)
def test_a_webhook_is_tried_and_the_answer_told(here, browser, answer, said):
    browser.post("/webhooks/add", {"name": "Kantor", "url": "https://app.example/x", "active": "true"})
    here.notifier.answers[TryWebhook] = answer
    assert browser.post("/webhooks/try?key=Kantor").to == "/webhooks/view?key=Kantor"
    last = here.settings.call(AuditTrail(limit=1)).entries[0].action
    assert (last == "audit.webhook_tested") is isinstance(answer, Tried)
    assert said in browser.get("/webhooks/view?key=Kantor").text


def test_an_inactive_webhook_is_not_tried(here, browser):
    browser.post("/webhooks/add", {"name": "Kantor", "url": "https://app.example/x"})
    assert "Try now" not in browser.get("/webhooks/view?key=Kantor").text
    browser.post("/webhooks/try?key=Kantor")
    assert "Activate it first" in browser.get("/webhooks/view?key=Kantor").text
    assert not here.notifier.verbs(TryWebhook)


def test_callbacks_are_set_switched_and_told_of(here, browser):
    here.notifier.answers[NotifierStatus] = NotifierState(endpoints=[HOOK, SERVER], missed=0, alarms=[])
    page = browser.get("/callbacks").text
    assert "https://cb.example" in page
    assert "Kantor" not in page
    wrong = browser.post("/callbacks", {"enabled": "true", "private_networks": "192.168.1.0/24, nix"})
    assert wrong.status == 422
    form = {"enabled": "true", "private_networks": "192.168.1.0/24", "secret.make": "on"}
    secret = made(browser.post("/callbacks", form), "secret")
    stored = here.store.load(CallbacksSection)
    assert (stored.secret.reveal(), stored.private_networks) == (secret, ("192.168.1.0/24",))
    browser.post("/callbacks/deactivate")
    assert not here.store.load(CallbacksSection).enabled


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_page_opens_while_all_others_are_away(here, language):
    here.dispatch.answers.clear()
    browser = here.browser(language=language)
    for path in PAGES:
        page = browser.get(path)
        assert (path, page.status, page.text.count("<h1>")) == (path, 200, 1)
