"""What needs a hand, from what all parts say of themselves: each alarm in plain words, with what to do about it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from otpbroker.panel.modem_cards import ADVICE, card_of
from otpbroker.system.machine import CAPPED, HOT, THROTTLED, UNDER_VOLTAGE, Reading
from otpbroker.verbs.ddns import DdnsState
from otpbroker.verbs.dispatch import Alarm as Given
from otpbroker.verbs.dispatch import DispatchStatus, FoundModem, ModemFacts
from otpbroker.verbs.feeders import FeederState
from otpbroker.verbs.internet import InternetState
from otpbroker.verbs.keystore import EXPIRES_SOON_S, ShownCertificate
from otpbroker.verbs.mail import AccountFacts, MailFacts
from otpbroker.verbs.notifier import NotifierState
from otpbroker.verbs.supervisor import ServiceState

CONNECTING_S: Final = 60.0  # a feeder may look for its server for so long before anybody is told
HOT_C: Final = 80.0
FULL: Final = 0.9
MEMORY_FULL: Final = 0.9
FEEDERS: Final = {"amqp": ("RabbitMQ", "/rabbitmq"), "websocket": ("WSMessageBroker", "/wsmessagebroker")}
_CALM: Final = frozenset({"", "modem.mute"})  # of a stick in no settings: perhaps it is no modem at all
_BROKEN_MODEM: Final = frozenset(
    {"absent", "pin_required", "pin_refused", "puk_required", "no_sim", "denied", "disabled", "wrong_modem"}
    | {"not_a_modem"}
)

Param = str | int


@dataclass(frozen=True, slots=True)
class Alarm:
    """`key`/`params` say what it is, `subject` whose it is, `page` where it is mended. `kind`: bad where messages do
    not go as they should, warn where they may soon not.
    """

    kind: Literal["bad", "warn"]
    key: str
    params: Mapping[str, Param] = field(default_factory=dict)
    subject: str = ""
    page: str = ""
    entry: str = ""  # of the list at `page`
    advice: str = ""

    @property
    def remedy(self) -> str:
        """The key of what to do, where there is something to say."""
        known = f"modems.do.{self.key}" if self.key in ADVICE else f"remedy.{self.key}"
        return self.advice or known


def of_dispatch(status: DispatchStatus | None, wall_s: float) -> Iterator[Alarm]:
    """None: it does not answer."""
    if status is None:
        yield Alarm("bad", "dispatch.unavailable", page="/logs")
        return
    if status.settings_error:
        yield Alarm("bad", status.settings_error, page="/modems")
    told: set[tuple[str, str]] = set()
    for modem in status.modems:
        for alarm in _of_modem(modem):
            told.add((modem.id, alarm.key))
            yield alarm
    names = {modem.id: modem.name for modem in status.modems}
    yield from (
        alarm for state in status.internet for alarm in _of_internet(state, names.get(state.modem, state.modem))
    )
    for given in status.alarms:
        modem_id = str(given.params.get("modem", ""))
        if (modem_id, given.key) in told:
            continue
        on_modem = ("/modems", modem_id) if modem_id else ("/server", "")
        yield Alarm("warn", given.key, given.params, names.get(modem_id, modem_id), *on_modem)
    yield from (_of_found(stick) for stick in status.found if stick.reason not in _CALM)
    yield from (alarm for feeder in status.feeders for alarm in _of_feeder(feeder, wall_s))


def _of_modem(modem: ModemFacts) -> Iterator[Alarm]:
    advice = card_of(modem).advice
    if modem.active and modem.state in _BROKEN_MODEM:
        key = modem.reason or f"modem.state.{modem.state}"
        yield Alarm("bad", key, modem.params, modem.name, "/modems", modem.id, advice)
    elif modem.active and modem.reason and modem.state in ("searching", "recovering"):
        yield Alarm("warn", modem.reason, modem.params, modem.name, "/modems", modem.id, advice)


def _of_internet(state: InternetState, name: str) -> Iterator[Alarm]:
    if state.state == "failed":
        yield Alarm("warn", state.key, state.params, name, "/modems", state.modem, "internet.remedy")


def _of_found(stick: FoundModem) -> Alarm:
    return Alarm("bad", stick.reason, {}, stick.name, "/modems")


def _of_feeder(feeder: FeederState, wall_s: float) -> Iterator[Alarm]:
    name, page = FEEDERS.get(feeder.feeder, (feeder.feeder, ""))
    if feeder.state == "failed":
        yield Alarm("bad", feeder.key or "feeder.lost", feeder.params, name, page)
    elif feeder.state == "connecting" and abs(wall_s - feeder.since) > CONNECTING_S:  # either way: clocks are set
        error = (feeder.key, feeder.params) if feeder.key else (feeder.last_error, feeder.last_error_params)
        yield Alarm("bad", error[0] or "alarms.feeder_connecting", error[1], name, page)
    elif feeder.state == "blocked":
        yield Alarm("warn", feeder.key or "feeder.amqp_alarm", feeder.params, name, page)


def of_mail(facts: MailFacts | None) -> Iterator[Alarm]:
    if facts is None:
        yield Alarm("bad", "mail.unavailable", page="/logs")
        return
    if facts.settings_error:
        yield Alarm("bad", facts.settings_error, page="/email-accounts")
    for given in facts.alarms:
        yield Alarm("warn", given.key, given.params, page="/email-accounts")
    for account in (*facts.accounts, *([facts.direct] if facts.direct else [])):
        yield from _of_account(account)


def _of_account(account: AccountFacts) -> Iterator[Alarm]:
    if account.state == "failing" and account.active:
        yield Alarm("bad", account.key or "alarms.account_failing", account.params, account.name, "/email-accounts")
    elif account.state == "quota_used":
        yield Alarm("warn", "alarms.account_quota", {}, account.name, "/email-accounts")


def of_notifier(state: NotifierState | None) -> Iterator[Alarm]:
    if state is None:
        yield Alarm("warn", "notifier.unavailable", page="/logs")
        return
    for given in state.alarms:
        yield Alarm("warn", given.key, given.params, page="/webhooks")


def of_ddns(state: DdnsState | None) -> Iterator[Alarm]:
    """None: it does not run, as where there is no active record."""
    for given in state.alarms if state is not None else ():
        kind: Literal["bad", "warn"] = "warn" if given.key == "alarm.ddns_failing" else "bad"
        yield Alarm(kind, given.key, given.params, page="/ddns", entry=str(given.params.get("name", "")))


def of_services(services: Iterable[ServiceState], restarted: frozenset[str]) -> Iterator[Alarm]:
    """`restarted`: who ended unexpectedly of late. One that waits for its first start is no reason to worry."""
    for each in services:
        if each.state == "waiting" and each.restarts:
            yield Alarm("bad", "alarms.service_down", {"service": each.service}, page="/logs")
        elif each.service in restarted:
            yield Alarm("warn", "alarms.service_restarts", {"service": each.service}, page="/logs")


def of_machine(reading: Reading) -> Iterator[Alarm]:
    now, before = reading.power or 0, reading.power_before or 0
    if now & UNDER_VOLTAGE:
        yield Alarm("bad", "alarms.under_voltage", page="/server")
    elif before & UNDER_VOLTAGE:
        yield Alarm("warn", "alarms.under_voltage_before", page="/server")
    if reading.temperature_c is not None and reading.temperature_c >= HOT_C:
        yield Alarm("bad", "alarms.hot", {"degrees": round(reading.temperature_c)}, page="/server")
    elif now & (CAPPED | THROTTLED | HOT):
        yield Alarm("warn", "alarms.throttled", page="/server")
    if reading.storage_used is not None and reading.storage_used >= FULL:
        yield Alarm("bad", "alarms.storage_full", {"percent": round(reading.storage_used * 100)}, page="/server")
    if reading.memory_used is not None and reading.memory_used >= MEMORY_FULL:
        yield Alarm("warn", "alarms.memory_full", {"percent": round(reading.memory_used * 100)}, page="/server")


def of_network(told: Iterable[Given]) -> Iterator[Alarm]:
    for given in told:
        yield Alarm("warn", given.key, given.params, page="/wlan")


def of_certificate(shown: ShownCertificate | None, wall_s: float) -> Iterator[Alarm]:
    """Of what HTTPS shows; None where it is off."""
    if shown is None or shown.last - wall_s > EXPIRES_SOON_S:
        return
    days = math.floor((shown.last - wall_s) / 86_400)
    if days < 0:
        yield Alarm("bad", "alarms.certificate_over", {}, shown.name, "/key-store", shown.name)
    else:
        yield Alarm("warn", "alarms.certificate_soon", {"days": days}, shown.name, "/key-store", shown.name)


def in_order(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """The bad ones first, each once."""
    return tuple(sorted(_once(alarms), key=lambda alarm: alarm.kind != "bad"))


def _once(alarms: Iterable[Alarm]) -> Iterator[Alarm]:
    told: set[tuple[str, str]] = set()
    for alarm in alarms:
        if (alarm.subject, alarm.key) not in told or not alarm.subject:
            told.add((alarm.subject, alarm.key))
            yield alarm
