"""Which ports are open at which side: what the settings say, beside what the kernel does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import Any, Final, NamedTuple

import msgspec

from otpbroker.config.sections.network import FirewallRule, FirewallSection
from otpbroker.network import firewall
from otpbroker.network.firewall import Door
from otpbroker.panel.answers import Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.listing import Listing, ListPages
from otpbroker.panel.pages.network import SECONDS, is_ours, shown
from otpbroker.panel.routes import Route
from otpbroker.panel.setting import Ask
from otpbroker.panel.visit import Visit
from otpbroker.readable import readable
from otpbroker.verbs.network import FilterState

LISTING: Final = Listing(
    section="firewall",
    path="/firewall",
    words="firewall",
    name_field="name",
    columns=("side", "protocol", "port"),
    groups=(Group("firewall.group", ("name", "side", "protocol", "port", "active")),),
    list_template="firewall.html",
)


_CHANGING: Final = ("add", "edit", "delete", "activate", "deactivate")


class Row(NamedTuple):
    """`state`: `open`, `missing` where it should be open and is not, `surplus` the other way round, `planned` where
    nobody can tell. `rules` are the names of those that open it; a port of the factory's has none, and where a rule may
    close it `closed_by` is a name for that, still free.
    """

    port: int
    protocol: str
    state: str
    rules: Sequence[str]
    closed_by: str


class FirewallPages(ListPages):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, LISTING, beside=self._state)

    def routes(self) -> list[Route]:
        """A change that takes the panel from Ethernet is asked about first."""
        return [self._guarded(route) for route in super().routes()]

    def _guarded(self, route: Route) -> Route:
        action = route.path.removeprefix(LISTING.path).strip("/")
        if route.method != "POST" or action not in _CHANGING:
            return route
        return replace(route, handler=lambda visit: self._asked(visit, action) or route.handler(visit))

    def _asked(self, visit: Visit, action: str) -> Page | None:
        if "sure" in visit.form or not is_ours(self._desk):
            return None
        rules = self._rules()
        panel = Door("ethernet", "tcp", self._desk.settings.panel.port)
        if panel not in self._doors(rules) or panel in self._doors(_after(rules, action, visit)):
            return None
        fields = [(name, value) for name, value in visit.form.pairs() if name != "csrf"]
        return Page("firewall_ask.html", {"of": LISTING, "ask": self._loss(), "fields": fields})

    def _loss(self) -> Ask:
        wlan = self._desk.section("wlan")
        if not (wlan["ssid"] and wlan["passphrase"]):
            return Ask("firewall.ask_nobody", {"seconds": SECONDS})
        address = f"http://{wlan['address']}:{self._desk.settings.panel.port}/"
        return Ask("firewall.ask_panel", {"ssid": wlan["ssid"], "address": address, "seconds": SECONDS})

    def _rules(self) -> FirewallSection:
        """As otpb-apply has checked them."""
        entries = self._desk.section("firewall")["firewall"]
        return FirewallSection(firewall=tuple(FirewallRule(**entry) for entry in entries))

    def _doors(self, rules: FirewallSection) -> frozenset[Door]:
        return firewall.doors(rules, self._desk.settings.api, self._desk.settings.panel.port)

    def _state(self, _visit: Visit) -> Mapping[str, Any]:
        state = self._desk.live.network()
        rules = self._rules()
        found = state.filter if state else FilterState(state="unreadable")
        return {**shown(self._desk), "filter": found, "sides": rows(found, rules, self._doors)}


def rows(
    found: FilterState, rules: FirewallSection, doors: Callable[[FirewallSection], frozenset[Door]]
) -> dict[str, list[Row]]:
    """By side, the ports that are open or should be, by number."""
    known = found.state in ("loaded", "open")
    opened, planned = {Door(one.side, one.protocol, one.port) for one in found.opened}, doors(rules)
    by: dict[str, list[Row]] = {side: [] for side in firewall.SIDES}
    for door in sorted(opened | planned, key=lambda door: (door.port, door.protocol)):
        state = "planned"
        if known:
            state = "open" if door in opened and door in planned else "surplus" if door in opened else "missing"
        names = [rule.name for rule in rules.firewall if rule.active and _door(rule) == door]
        closes = not names and door in planned and door not in doors(FirewallSection(firewall=(_against(door),)))
        closed_by = _free(f"{door.port}/{door.protocol} {door.side}", rules) if closes else ""
        by[door.side].append(Row(door.port, door.protocol, state, names, closed_by))
    return by


def _free(name: str, rules: FirewallSection) -> str:
    """`name`, with a number after it where rules have it already."""
    taken = {rule.name for rule in rules.firewall}
    return next(each for each in chain([name], (f"{name} {number}" for number in count(2))) if each not in taken)


def _door(rule: FirewallRule) -> Door:
    return Door(rule.side, rule.protocol, rule.port)


def _against(door: Door) -> FirewallRule:
    return FirewallRule(name="x", side=door.side, protocol=door.protocol, port=door.port, active=False)


def _after(rules: FirewallSection, action: str, visit: Visit) -> FirewallSection:
    """The rules after a change; the present ones where it will be refused."""
    key = visit.query.get("key")
    by_name = {rule.name: rule for rule in rules.firewall}
    try:
        match action:
            case "add" | "edit":
                rule = _typed(visit, key)
                if action == "add" and rule.name in by_name:
                    return rules
                by_name[rule.name] = rule
            case "delete":
                del by_name[key]
            case _:
                by_name[key] = msgspec.structs.replace(by_name[key], active=action == "activate")
    except (KeyError, msgspec.ValidationError):
        return rules
    return FirewallSection(firewall=tuple(by_name.values()))


def _typed(visit: Visit, key: str) -> FirewallRule:
    """Raises `msgspec.ValidationError`."""
    values: dict[str, object] = {name: visit.form.get(name).strip() for name in ("side", "protocol", "port")}
    values |= {"name": key or visit.form.get("name").strip(), "active": "active" in visit.form}
    return msgspec.convert(values, readable(FirewallRule), strict=False)
