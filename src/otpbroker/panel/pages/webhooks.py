"""Who is told of outcomes: webhooks, and the callbacks that messages name."""

from typing import Any, Final

from otpbroker.errors import BrokerError
from otpbroker.notifier import signing
from otpbroker.panel.answers import Answer, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group, Made
from otpbroker.panel.listing import Entry, Listing, ListPages
from otpbroker.panel.render import link
from otpbroker.panel.routes import Route, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.setting import Setting, SettingPages
from otpbroker.panel.visit import Visit
from otpbroker.verbs.notifier import NotifierState, NotifierStatus, TryWebhook


def _make_secret() -> Made:
    made = signing.generate()
    return Made(made, made)


LISTING: Final = Listing(
    section="webhooks",
    path="/webhooks",
    words="webhooks",
    name_field="name",
    columns=("url",),
    groups=(Group("webhooks.group", ("name", "url", "secret", "active")),),
    list_template="webhooks.html",
    view_template="webhook_view.html",
    makers={"secret": _make_secret},
)
CALLBACKS: Final = Setting(
    section="callbacks",
    path="/callbacks",
    words="callbacks",
    groups=(Group("callbacks.group", ("enabled", "secret", "private_networks")),),
    template="callbacks.html",
    switch="enabled",
    makers={"secret": _make_secret},
)


class WebhookPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._hooks = ListPages(desk, LISTING, lambda _visit, _entry: self._fares(), lambda _visit: self._fares())
        self._callbacks = SettingPages(desk, CALLBACKS, lambda _visit: self._fares() | self._switch())

    def routes(self) -> list[Route]:
        return [*self._hooks.routes(), post("/webhooks/try", self.tried), *self._callbacks.routes()]

    def _switch(self) -> dict[str, Any]:
        return {"enabled": self._desk.section("callbacks")["enabled"]}

    def _fares(self) -> dict[str, Any]:
        """`hooks` by name and `servers` that callbacks go to; `told` False while the notifier does not answer."""
        state = self._state()
        endpoints = state.endpoints if state is not None else []
        return {
            "told": state is not None,
            "hooks": {each.name: each for each in endpoints if each.kind == "webhook"},
            "servers": [each for each in endpoints if each.kind == "callback"],
        }

    def _state(self) -> NotifierState | None:
        try:
            return self._desk.peers.notifier.call(NotifierStatus())
        except BrokerError:
            return None

    def tried(self, visit: Visit) -> Answer:
        entry = self._hooks.entry(visit)
        return Redirect(link("/webhooks/view", key=str(entry["name"])), self._attempt(visit, entry))

    def _attempt(self, visit: Visit, entry: Entry) -> Notice:
        """Call it once, now."""
        if not entry["active"]:
            return Notice("failed", "webhooks.try_inactive")
        try:
            with self._desk.slow.place():
                tried = self._desk.peers.notifier.call(TryWebhook(name=str(entry["name"])))
        except BrokerError as error:
            return Notice("failed", error.key, error.params)
        self._desk.record(visit, "audit.webhook_tested", str(entry["name"]))
        if tried.key:
            return Notice("failed", tried.key, tried.params)
        return Notice("done", "webhooks.answered", {"status": tried.status, "latency_ms": tried.latency_ms})
