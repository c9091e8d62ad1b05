"""How applications reach the REST API."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from otpbroker.config.sections.api import ApiSection
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.listening import listens
from otpbroker.panel.routes import Route
from otpbroker.panel.samples import api_address
from otpbroker.panel.setting import Setting, SettingPages
from otpbroker.panel.visit import Visit

SETTING: Final = Setting(
    section="api",
    path="/api",
    words="api",
    groups=(
        Group("api.group_ports", ("http_port", "http_enabled", "https_port", "https_enabled")),
        Group("api.group_paths", ("message_path", "blocking_path", "unblocking_path", "mail_path", "otp_path")),
    ),
    template="api.html",
)
_PATHS: Final = SETTING.groups[1].names
_ON: Final = "true"


class Port(NamedTuple):
    """`state` is `open`, `off`, or `closed` where it is on and nothing answers."""

    name: str
    number: int
    state: str


class ApiPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages = SettingPages(desk, SETTING, self._more, asks)

    def routes(self) -> list[Route]:
        return self._pages.routes()

    def _more(self, visit: Visit) -> Mapping[str, Any]:
        api = self._desk.settings.api
        return {"address": api_address(visit.host, api, secure=visit.secure), "ports": ports_of(api)}


def ports_of(api: ApiSection) -> list[Port]:
    known = (("HTTP", api.http_port, api.http_enabled), ("HTTPS", api.https_port, api.https_enabled))
    return [Port(name, number, _state(number, enabled=enabled)) for name, number, enabled in known]


def _state(number: int, *, enabled: bool) -> str:
    if not enabled:
        return "off"
    return "open" if listens(number) else "closed"


def asks(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """What whoever changes this should know of the applications that send: they must follow."""
    if new["http_enabled"] != _ON and new["https_enabled"] != _ON:
        closes = old["http_enabled"] == _ON or old["https_enabled"] == _ON
        return ["api.ask_closed"] if closes else []
    found = []
    if old["http_enabled"] == _ON and new["http_enabled"] != _ON:
        found.append("api.ask_https_only")
    if any(_moves(old, new, name) for name in ("http", "https")):
        found.append("api.ask_port")
    if any(old[name] != new[name] for name in _PATHS):
        found.append("api.ask_path")
    return found


def _moves(old: Mapping[str, str], new: Mapping[str, str], name: str) -> bool:
    was_used = old[f"{name}_enabled"] == _ON and new[f"{name}_enabled"] == _ON
    return was_used and old[f"{name}_port"] != new[f"{name}_port"]
