"""The real process beside a dispatch that tells outcomes."""

import pytest

from fakes.dispatch import FakeDispatch
from fakes.mail import FakeMail
from fakes.outcomes import mail_outcome, outcome
from fakes.service_process import ServiceProcess
from fakes.waiting import waits_for
from fakes.webhook_server import SECRET, WebhookServer
from otpbroker.clients.notifier import NotifierClient
from otpbroker.config.sections.webhooks import CallbacksSection, Webhook, WebhooksSection
from otpbroker.config.store import Store, render
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.verbs.notifier import NotifierStatus, TryWebhook


class NotifierProcess(ServiceProcess):
    def __init__(self, root, *arguments):
        super().__init__(root, "notifier", *arguments)
        self.dispatch = FakeDispatch(self.paths.socket("dispatch"))
        self._client = NotifierClient(self.paths)
        self.call = self._client.call

    def write(self, *hooks, **callbacks):
        store = Store(self.paths)
        store.write("webhooks", render(WebhooksSection(webhooks=hooks)))
        store.write("callbacks", render(CallbacksSection(**callbacks)))

    def close(self):
        self._client.close()
        super().close()
        self.dispatch.stop()


@pytest.fixture
def notifier(tmp_path):
    made = NotifierProcess(tmp_path, "--allow-loopback")
    yield made
    made.close()


@pytest.fixture
def server():
    with WebhookServer() as made:
        yield made


def test_outcomes_become_calls_through_restarts_of_both(notifier, server):
    notifier.write(Webhook(name="a", url=server.url("/a"), secret=Secret(SECRET)))
    notifier.dispatch.tell(outcome())  # before our time
    notifier.start()
    first, second = outcome(), outcome(callback=server.url("/cb"))
    notifier.dispatch.tell(first)
    assert server.until(1)[0].id == f"msg_{first.message_id}_submitted"

    notifier.dispatch.stop()
    notifier.dispatch = FakeDispatch(notifier.paths.socket("dispatch"))
    notifier.dispatch.tell(second)  # another life, told from its beginning
    assert sorted((call.path, call.id[4:28]) for call in server.until(3)[1:]) == [
        ("/a", second.message_id),
        ("/cb", second.message_id),
    ]

    notifier.kill()
    notifier.start()
    third = outcome("delivered")
    notifier.dispatch.tell(third)
    assert server.until(4)[3].type == "message.delivered"
    notifier.terminate()
    assert notifier.wait() == 0


def test_what_mail_tells_is_told_too_and_neither_source_waits_for_the_other(notifier, server):
    notifier.write(Webhook(name="a", url=server.url("/a")))
    notifier.start()  # mail is not there yet
    notifier.dispatch.tell(sms := outcome())
    assert server.until(1)[0].id == f"msg_{sms.message_id}_submitted"
    mail = FakeMail(notifier.paths.socket("mail"))
    try:
        mail.tell(first := mail_outcome(callback=server.url("/cb")))
        assert {(call.path, call.json["data"]["channel"], call.id[4:28]) for call in server.until(3)[1:]} == {
            ("/a", "email", first.message_id),
            ("/cb", "email", first.message_id),
        }
        notifier.dispatch.stop()
        mail.tell(second := mail_outcome("failed"))
        assert server.until(4)[3].id == f"msg_{second.message_id}_failed"
    finally:
        mail.stop()
    notifier.dispatch = FakeDispatch(notifier.paths.socket("dispatch"))
    notifier.dispatch.tell(third := outcome())
    assert server.until(5)[4].id == f"msg_{third.message_id}_submitted"


def test_new_settings_are_in_force_at_once(notifier, server):
    notifier.start()
    assert notifier.call(NotifierStatus()).endpoints == []
    notifier.write(Webhook(name="a", url=server.url("/a")))
    assert "ERRNO=0" in notifier.reload()
    assert notifier.call(TryWebhook(name="a")).status == 204
    notifier.dispatch.tell(outcome())
    assert [call.type for call in server.until(2)] == ["webhook.test", "message.submitted"]
    waits_for(lambda: notifier.call(NotifierStatus()).endpoints[0].delivered == 1)
    with pytest.raises(BrokerError) as unknown:
        notifier.call(TryWebhook(name="b"))
    assert unknown.value.key == "settings.no_entry_webhooks"


def test_this_machine_is_called_in_development_only(tmp_path, server):
    notifier = NotifierProcess(tmp_path)
    notifier.write(Webhook(name="a", url=server.url("/a")), private_networks=("127.0.0.0/8",))
    try:
        notifier.start()
        assert notifier.call(TryWebhook(name="a")).key == "notifier.address_refused"
    finally:
        notifier.close()
    assert server.connections == 0


def test_without_it_running_the_command_says_so(tmp_path, notifier):
    with pytest.raises(BrokerError) as refused:
        notifier.call(NotifierStatus())
    assert refused.value.key == "notifier.unavailable"
