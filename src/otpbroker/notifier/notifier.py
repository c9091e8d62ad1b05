"""From outcomes to calls: every outcome to every webhook, and to the callback that its message named."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Final

from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.calling.line import Answer
from otpbroker.calling.target import Target
from otpbroker.config.sections.webhooks import CallbacksSection, Webhook, WebhooksSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.notifier import payload, signing
from otpbroker.notifier.courier import THREADS, Courier, refusal
from otpbroker.notifier.endpoint import Delivery, Endpoint
from otpbroker.notifier.schedule import Pauses, Verdict, verdict
from otpbroker.secrets import Secret
from otpbroker.system.clock import wall_s
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.events import Event
from otpbroker.verbs.notifier import NotifierState, Tried

_LOG: Final = logging.getLogger(__name__)
MOST_CALLBACK_SERVERS: Final = 100
ALARM_FAILURES: Final = 4  # in a row: a quarter of an hour
_LOSS_SHOWN_S: Final = 3600.0


class Notifier:
    """`loopback`: addresses of this machine may be called (`scripts/run`)."""

    def __init__(
        self, caller: Caller, *, loopback: bool = False, pauses: Pauses | None = None, threads: int = THREADS
    ) -> None:
        self._caller = caller
        self._loopback = loopback
        self._pauses = pauses or Pauses()
        self._courier = Courier(self._post, threads)
        self._webhooks: dict[str, Webhook] = {}
        self._callbacks = CallbacksSection()
        self._missed = 0

    def start(self) -> None:
        self._courier.start()

    def stop(self, grace_s: float) -> None:
        """What is due now has `grace_s` to arrive; what waits for a later attempt is lost."""
        self._courier.stop(grace_s)
        self._caller.close()

    def configure(self, webhooks: WebhooksSection, callbacks: CallbacksSection) -> None:
        """A webhook that stays keeps what waits for it; one that goes, or is changed after it was gone, begins anew."""
        wanted = {hook.name: hook for hook in webhooks.webhooks if hook.active}
        networks = callbacks.private_networks
        self._caller.judge_by(Guard(networks, loopback=self._loopback, refused="notifier.address_refused"))
        with self._courier.changed:
            endpoints = self._courier.endpoints
            for key in [key for key in endpoints if not self._stays(key, wanted, callbacks)]:
                del endpoints[key]
            for hook in wanted.values():
                endpoint = endpoints.setdefault(hook.name, Endpoint(hook.name, "webhook", self._pauses))
                endpoint.target, endpoint.secret = Target.of(hook.url), hook.secret
            for endpoint in endpoints.values():
                if endpoint.kind == "callback":
                    endpoint.secret = callbacks.secret
            self._webhooks, self._callbacks = wanted, callbacks
            self._courier.changed.notify()

    def _stays(self, key: str, wanted: dict[str, Webhook], callbacks: CallbacksSection) -> bool:
        endpoint = self._courier.endpoints[key]
        if endpoint.kind == "callback":
            return callbacks.enabled
        return key in wanted and not (endpoint.gone and wanted[key] != self._webhooks.get(key))

    def take(self, events: Iterable[Event]) -> None:
        """Have these outcomes told, by and by."""
        with self._courier.changed:
            for event in events:
                targets = [Target.of(event.callback)] if event.callback and self._callbacks.enabled else []
                if targets or self._webhooks:
                    self._owe(event, targets)

    def _owe(self, event: Event, targets: list[Target]) -> None:
        call_id, body, now_s = payload.call_id(event), payload.body(event), time.monotonic()
        for name in self._webhooks:
            self._courier.put(self._courier.endpoints[name], Delivery(call_id, body, now_s))
        for target in targets:
            self._courier.put(self._server(target), Delivery(call_id, body, now_s, target))

    def _server(self, target: Target) -> Endpoint:
        """Callbacks to one server share a queue; of too many servers the one that owes least is forgotten."""
        endpoints = self._courier.endpoints
        if target.origin not in endpoints:
            servers = [endpoint for endpoint in endpoints.values() if endpoint.kind == "callback"]
            if len(servers) >= MOST_CALLBACK_SERVERS:
                del endpoints[min(servers, key=len).name]
            endpoint = endpoints[target.origin] = Endpoint(target.origin, "callback", self._pauses)
            endpoint.target, endpoint.secret = target, self._callbacks.secret
        return endpoints[target.origin]

    def miss(self, count: int) -> None:
        """So many outcomes were over before they could be taken."""
        _LOG.warning("%d outcomes came faster than they could be taken", count)
        with self._courier.changed:
            self._missed += count

    def _post(self, target: Target, secret: Secret, call_id: str, body: bytes) -> Answer:
        return self._caller.post(target, signing.headers(call_id, int(wall_s()), body, secret), body)

    def attempt(self, name: str) -> Callable[[], Tried]:
        """What calls a webhook once, when it is called. Raises 1105 where there is no such webhook."""
        hook = self._webhooks.get(name)
        if hook is None:
            known = ", ".join(self._webhooks) or "-"
            raise BrokerError(ResponseCode.INVALID_REQUEST, "settings.no_entry_webhooks", entry=name, known=known)
        return lambda: self._tried(hook)

    def _tried(self, hook: Webhook) -> Tried:
        began_s = time.monotonic()
        try:
            body = payload.trial_body(hook.name, wall_s())
            status = self._post(Target.of(hook.url), hook.secret, f"msg_test_{int(wall_s() * 1000)}", body).status
            error = None if verdict(status) is Verdict.DELIVERED else refusal(status)
        except BrokerError as refused:
            status, error = 0, refused
        latency_ms = round((time.monotonic() - began_s) * 1000)
        if error is None:
            return Tried(status=status, latency_ms=latency_ms)
        return Tried(status=status, latency_ms=latency_ms, key=error.key, params=error.params)

    def state(self) -> NotifierState:
        with self._courier.changed:
            endpoints = list(self._courier.endpoints.values())
            alarms = [alarm for endpoint in endpoints for alarm in _alarms(endpoint)]
            return NotifierState(
                endpoints=[endpoint.state() for endpoint in endpoints], missed=self._missed, alarms=alarms
            )


def _alarms(endpoint: Endpoint) -> Iterable[Alarm]:
    named: dict[str, str | int] = {"name": endpoint.name}
    if endpoint.gone:
        yield Alarm(key="alarm.webhook_gone", params=named)
    elif endpoint.failures >= ALARM_FAILURES:
        yield Alarm(key="alarm.webhook_failing", params=named)
    if endpoint.lost_s is not None and time.monotonic() - endpoint.lost_s < _LOSS_SHOWN_S:
        yield Alarm(key="alarm.webhook_dropped", params=named | {"count": endpoint.dropped})
