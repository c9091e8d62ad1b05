"""Which ports are open at which side: what the settings say, beside what the kernel does."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from otpbroker.config.sections.network import FirewallSection
from otpbroker.network import firewall
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.listing import Listing, ListPages
from otpbroker.panel.pages.network import shown
from otpbroker.panel.routes import Route
from otpbroker.panel.visit import Visit
from otpbroker.verbs.network import FilterState, OpenPort

LISTING: Final = Listing(
    section="firewall",
    path="/firewall",
    words="firewall",
    name_field="name",
    columns=("side", "protocol", "port"),
    groups=(Group("firewall.group", ("name", "side", "protocol", "port", "active")),),
    list_template="firewall.html",
)


class Row(NamedTuple):
    """`state`: `open`, `missing` where it should be open and is not, `surplus` the other way round, `planned` where
    nobody can tell. `rules` are the names of those that open it; the factory's ports need none.
    """

    port: int
    protocol: str
    state: str
    rules: Sequence[str]


class FirewallPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages = ListPages(desk, LISTING, beside=self._beside)

    def routes(self) -> list[Route]:
        return self._pages.routes()

    def _beside(self, _visit: Visit) -> Mapping[str, Any]:
        state = self._desk.live.network()
        rules = msgspec.convert(self._desk.section("firewall"), FirewallSection)
        settings = self._desk.settings
        doors = firewall.doors(rules, settings.api, settings.panel.port)
        wanted = [OpenPort(side=door.side, protocol=door.protocol, port=door.port) for door in doors]
        found = state.filter if state else FilterState(state="unreadable")
        return {**shown(self._desk), "filter": found, "sides": rows(found, wanted, rules)}


def rows(found: FilterState, wanted: Sequence[OpenPort], rules: FirewallSection) -> dict[str, list[Row]]:
    """By side, the ports that are open or should be, by number."""
    known = found.state in ("loaded", "open")
    opened, planned = set(found.opened), set(wanted)
    by: dict[str, list[Row]] = {side: [] for side in firewall.SIDES}
    for one in sorted(opened | planned, key=lambda one: (one.port, one.protocol)):
        state = "planned"
        if known:
            state = "open" if one in opened and one in planned else "surplus" if one in opened else "missing"
        names = [
            rule.name
            for rule in rules.firewall
            if rule.active and (rule.side, rule.protocol, rule.port) == (one.side, one.protocol, one.port)
        ]
        by[one.side].append(Row(one.port, one.protocol, state, names))
    return by
