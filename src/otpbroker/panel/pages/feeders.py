"""The doors to message brokers, RabbitMQ and WSMessageBroker: settings, how they fare, what to send there."""

from collections.abc import Mapping
from typing import Any, Final

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.broker_samples import Message, for_rabbitmq, for_wsmessagebroker
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group, Made
from otpbroker.panel.routes import Route, get
from otpbroker.panel.setting import Setting, SettingPages
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.verbs.dispatch import Status
from otpbroker.verbs.feeders import FeederState

_ANSWER_S: Final = 2.0


def _make_keys() -> Made:
    """The private key stays here, senders get the public one."""
    from otpbroker.envelope import sealed  # noqa: PLC0415 - libsodium is needed here only

    public, private = sealed.generate()
    return Made(private, Secret(public))


AMQP: Final = Setting(
    section="amqp",
    path="/rabbitmq",
    words="amqp",
    groups=(
        Group("feeders.group_server", ("enabled", "tls", "host", "port", "vhost", "username", "password", "queue")),
        Group("feeders.group_times", ("timeout_s", "reconnect_delay_s", "refresh_s")),
        Group("feeders.group_sealing", ("private_key", "require_sealed"), folded=True),
        Group("feeders.group_more", ("ca_certificate", "heartbeat_s", "fleet"), folded=True),
    ),
    template="feeder.html",
    switch="enabled",
    makers={"private_key": _make_keys},
)
WEBSOCKET: Final = Setting(
    section="websocket",
    path="/wsmessagebroker",
    words="websocket",
    groups=(
        Group("feeders.group_server", ("enabled", "tls", "host", "port", "path", "username", "password", "channel")),
        Group("feeders.group_times", ("timeout_s", "reconnect_delay_s", "refresh_s")),
        Group("feeders.group_more", ("ca_certificate",), folded=True),
    ),
    template="feeder.html",
    switch="enabled",
)


class FeederPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [*self._routes_of(AMQP), *self._routes_of(WEBSOCKET)]

    def _routes_of(self, setting: Setting) -> list[Route]:
        pages = SettingPages(self._desk, setting, lambda _visit: self._more(setting))
        return [*pages.routes(), get(f"{setting.path}/status", lambda visit: self._status(setting, visit))]

    def _more(self, setting: Setting) -> Mapping[str, Any]:
        document = self._desk.section(setting.section)
        return {
            "state": self._state(setting.section),
            "enabled": document["enabled"],
            "fleet": document.get("fleet", False),
            "queue": document.get("queue", ""),
            "messages": _messages(setting, document),
        }

    def _status(self, setting: Setting, visit: Visit) -> Answer:
        """Only how it fares, for a page that stands open."""
        if not visit.piece:
            return Redirect(setting.path)
        return Page("_feeder_state.html", {"of": setting, "state": self._state(setting.section)})

    def _state(self, feeder: str) -> FeederState | None:
        """None while dispatch does not answer."""
        try:
            feeders = self._desk.peers.dispatch.call(Status(), _ANSWER_S).feeders
        except BrokerError:
            return None
        return next((each for each in feeders if each.feeder == feeder), None)


def _messages(setting: Setting, document: Mapping[str, Any]) -> list[Message]:
    return for_wsmessagebroker(document["channel"]) if setting is WEBSOCKET else for_rabbitmq()
