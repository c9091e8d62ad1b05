"""From settings to the plan of each feeder. A protocol's library is loaded where the protocol is used."""

from collections.abc import Callable
from typing import Final, NamedTuple

from otpbroker.config.sections.feeders import AmqpSection, WebSocketSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store
from otpbroker.envelope.sealed import Opener
from otpbroker.feeders.intake import Policy
from otpbroker.feeders.session import Plan
from otpbroker.secrets import Secret
from otpbroker.system.synchrony import unix_time_if_synchronised


class Feeding(NamedTuple):
    """`plan` is None where the feeder is switched off."""

    plan: Plan | None
    policy: Policy


def _policy(general: GeneralSection, sms: SmsSection, open_body: Callable[[bytes, str], bytes]) -> Policy:
    return Policy(sms.lifetime_s, general.language, unix_time_if_synchronised, open_body)


def amqp(store: Store) -> Feeding:
    settings, general, sms = store.load(AmqpSection), store.load(GeneralSection), store.load(SmsSection)
    opener = Opener(settings.private_key, required=settings.require_sealed)
    policy = _policy(general, sms, opener.open)
    if not settings.enabled:
        return Feeding(None, policy)
    from otpbroker.feeders.amqp.link import AmqpLink  # noqa: PLC0415 - pika takes memory, and most devices have one feeder

    def make() -> AmqpLink:
        return AmqpLink(settings, general.device_name, sms.recipient_prefix_length, unix_time_if_synchronised)

    told = (settings, general.device_name, sms.recipient_prefix_length)
    return Feeding(Plan(make, told, settings.reconnect_delay_s, settings.refresh_s), policy)


def websocket(store: Store) -> Feeding:
    settings = store.load(WebSocketSection)
    policy = _policy(store.load(GeneralSection), store.load(SmsSection), Opener(Secret()).open)
    if not settings.enabled:
        return Feeding(None, policy)
    from otpbroker.feeders.websocket.link import WebSocketLink  # noqa: PLC0415 - as above

    plan = Plan(lambda: WebSocketLink(settings), settings, settings.reconnect_delay_s, settings.refresh_s)
    return Feeding(plan, policy)


PLANS: Final[dict[str, Callable[[Store], Feeding]]] = {"amqp": amqp, "websocket": websocket}
