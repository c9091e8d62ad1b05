"""How each part fares, in one line each: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from otpbroker.panel.alarms import FEEDERS
from otpbroker.panel.live.live import Now
from otpbroker.system.machine import CAPPED, HOT, THROTTLED, UNDER_VOLTAGE, Reading
from otpbroker.verbs.feeders import FeederState

Kind = Literal["good", "warn", "bad", "off"]
Param = str | int
FEEDER_KINDS: Final[dict[str, Kind]] = {
    "consuming": "good",
    "connecting": "warn",
    "no_modem": "warn",
    "blocked": "warn",
    "stopping": "warn",
    "failed": "bad",
    "disabled": "off",
}
STATE_KINDS: Final[dict[str, Kind]] = {
    "submitted": "good",
    "delivered": "good",
    "failed": "bad",
    "expired": "warn",
    "unknown": "warn",
    "queued": "off",
    "sending": "off",
}


@dataclass(frozen=True, slots=True)
class Line:
    """`label` is a text key, or a name as it is; `page` where more is told."""

    label: str
    kind: Kind
    key: str
    params: Mapping[str, Param] = field(default_factory=dict)
    page: str = ""


def lines(now: Now) -> list[Line]:
    return [_modems(now), *_feeders(now), _mail(now), _notifier(now), *_ddns(now), *_services(now)]


def power(reading: Reading) -> Line | None:
    """The word on the power supply, where the machine gives one."""
    if reading.power is None:
        return None
    if reading.power & UNDER_VOLTAGE:
        return Line("server.power", "bad", "server.power_low")
    if reading.power & (CAPPED | THROTTLED | HOT):
        return Line("server.power", "warn", "server.power_slow")
    if (reading.power_before or 0) & UNDER_VOLTAGE:
        return Line("server.power", "warn", "server.power_before")
    return Line("server.power", "good", "server.power_good")


def _modems(now: Now) -> Line:
    if now.dispatch is None:
        return Line("overview.modems", "bad", "overview.away", page="/modems")
    active = [modem for modem in now.dispatch.modems if modem.active]
    ready = sum(modem.state == "ready" for modem in active)
    return _counted("overview.modems", "overview.count", ready, len(active), "/modems")


def _counted(label: str, key: str, good: int, every: int, page: str) -> Line:
    if not every:
        return Line(label, "off", "overview.none", page=page)
    kind: Kind = "good" if good == every else "warn" if good else "bad"
    return Line(label, kind, key, {"good": good, "all": every}, page)


def _feeders(now: Now) -> Iterator[Line]:
    for feeder in now.dispatch.feeders if now.dispatch else []:
        name, page = FEEDERS.get(feeder.feeder, (feeder.feeder, ""))
        yield Line(name, feeder_kind(feeder), f"monitor.feeder.{feeder.state}", page=page)


def feeder_kind(feeder: FeederState) -> Kind:
    return FEEDER_KINDS[feeder.state]


def _mail(now: Now) -> Line:
    if now.mail is None:
        return Line("overview.mail", "bad", "overview.away", page="/email-accounts")
    active = [account for account in now.mail.accounts if account.active]
    ready = sum(account.state in ("ready", "resting") for account in active)
    return _counted("overview.mail", "overview.count", ready, len(active), "/email-accounts")


def _notifier(now: Now) -> Line:
    label, page = "overview.notifier", "/webhooks"
    if now.notifier is None:
        return Line(label, "bad", "overview.away", page=page)
    if not now.notifier.endpoints:
        return Line(label, "off", "overview.unused", page=page)
    waiting = sum(endpoint.waiting for endpoint in now.notifier.endpoints)
    failing = any(endpoint.state in ("failing", "gone") for endpoint in now.notifier.endpoints)
    if waiting:
        return Line(label, "warn" if failing else "good", "overview.waiting", {"count": waiting}, page)
    return Line(label, "warn" if failing else "good", "overview.works", page=page)


def _ddns(now: Now) -> Iterator[Line]:
    """Nothing where no record is kept up."""
    records = [each for each in now.ddns.records if each.state != "inactive"] if now.ddns else []
    if records:
        current = sum(each.state == "current" for each in records)
        yield _counted("overview.ddns", "overview.count", current, len(records), "/ddns")


def _services(now: Now) -> Iterator[Line]:
    if now.services:
        up = sum(each.state in ("ready", "reloading") for each in now.services)
        yield _counted("overview.services", "overview.running", up, len(now.services), "/server")
