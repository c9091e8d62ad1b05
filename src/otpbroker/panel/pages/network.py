"""The device's network: how it is, and the settings of access point, its DHCP and Ethernet."""

from collections.abc import Mapping
from typing import Any, Final

from otpbroker.apply.confirming import CONFIRM_S
from otpbroker.network import overlap
from otpbroker.network.names import LOCAL_NAME
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import TAKE_AWAY, Form, Group
from otpbroker.panel.moved import host_name
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.setting import Ask, Setting, SettingPages
from otpbroker.panel.visit import Visit
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.network import Interface

# Where the radio is allowed to be; any other code of ISO 3166 may be typed.
COUNTRIES: Final = ("ID", "MY", "SG", "TL", "BN", "PH", "TH", "VN", "AU", "IN", "SA", "AE", "GB", "NL", "DE", "US")
WLAN: Final = Setting(
    section="wlan",
    path="/wlan",
    words="wlan",
    groups=(
        Group("wlan.group_air", ("ssid", "passphrase", "key_management", "country", "channel")),
        Group("wlan.group_address", ("address", "prefix", "gateway", "dns")),
    ),
    template="side.html",
)
DHCP: Final = Setting(
    section="dhcp",
    path="/dhcp",
    words="dhcp",
    groups=(
        Group("dhcp.group_addresses", ("ranges", "default_lease", "max_lease")),
        Group("dhcp.group_told", ("domain_name", "name_servers", "name_server_addresses", "router")),
        Group("dhcp.group_masks", ("netmask", "subnet_mask"), folded=True),
    ),
    template="dhcp.html",
)
ETHERNET: Final = Setting(
    section="ethernet",
    path="/ethernet",
    words="ethernet",
    groups=(
        Group("ethernet.group_how", ("mode",)),
        Group("ethernet.group_fixed", ("address", "prefix", "gateway")),
        Group("ethernet.group_names", ("dns_1", "dns_2")),
    ),
    template="side.html",
)
SECONDS: Final = int(CONFIRM_S)
_IN_THE_AIR: Final = ("ssid", "passphrase", "country", "channel", "address", "prefix", "gateway")


class NetworkPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wlan = _WlanPages(desk)
        self._dhcp = SettingPages(desk, DHCP, lambda _visit: shown(desk))
        self._ethernet = _EthernetPages(desk)

    def routes(self) -> list[Route]:
        own = [get("/network", self.network)]
        return [*own, *self._wlan.routes(), *self._dhcp.routes(), *self._ethernet.routes()]

    def network(self, _visit: Visit) -> Answer:
        return Page("network.html", {**shown(self._desk), "now": self._desk.live.now(), "here": "/network"})


def shown(desk: Desk, *sides: str) -> dict[str, Any]:
    """What pages of the network show of its state; of the interfaces those at `sides`, or all."""
    state = desk.live.network()
    interfaces = state.interfaces if state else []
    return {
        "network": state,
        "interfaces": [each for each in interfaces if not sides or each.side in sides],
    }


def is_ours(desk: Desk) -> bool:
    """Whether settings of the network take effect here, as far as we know."""
    state = desk.live.network()
    return state is None or state.taken_over


class _WlanPages(SettingPages):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, WLAN, lambda _visit: shown(desk, "ap"), self._warned)

    def routes(self) -> list[Route]:
        return _with_save(super().routes(), WLAN.path, self.saved)

    def _stored(self) -> Form:
        form = super()._stored()
        form.offers = {"country": [(each, "") for each in COUNTRIES]}
        return form

    def _warned(self, old: Mapping[str, str], new: Mapping[str, str]) -> list[Ask]:
        """What whoever is at the access point must do next, said before he is cut off."""
        if not is_ours(self._desk) or all(old[name] == new[name] for name in _IN_THE_AIR):
            return []
        if not new["ssid"] or new["passphrase"] == TAKE_AWAY:
            return [Ask("network.ask_no_ap")]
        same = [Ask(alarm.key, alarm.params) for alarm in self._clashes(new)]
        join = "network.ask_join_anew" if new["passphrase"] else "network.ask_join"
        address = f"http://{new['address']}:{self._desk.settings.panel.port}/"
        then = Ask("network.ask_open", {"address": address, "seconds": SECONDS})
        return [*same, Ask(join, {"ssid": new["ssid"]}), then]

    def _clashes(self, new: Mapping[str, str]) -> list[Alarm]:
        """What Ethernet has now of the network that the access point is to have."""
        state = self._desk.live.network()
        wired = [each for each in state.interfaces if each.side == "ethernet"] if state else []
        moved = Interface(name="", side="ap", link=True, addresses=[f"{new['address']}/{new['prefix']}"])
        try:
            return overlap.alarms([moved, *wired])
        except ValueError:  # told at its field
            return []

    def saved(self, visit: Visit) -> Answer:
        before = self._desk.section("wlan")["address"]
        answer = self.save(visit)
        return _moved(answer, visit, self._desk, [before], self._desk.section("wlan")["address"])


class _EthernetPages(SettingPages):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, ETHERNET, lambda _visit: shown(desk, "ethernet"), self._warned)

    def routes(self) -> list[Route]:
        return _with_save(super().routes(), ETHERNET.path, self.saved)

    def _warned(self, old: Mapping[str, str], new: Mapping[str, str]) -> list[Ask]:
        if not is_ours(self._desk) or dict(old) == dict(new):
            return []
        port = self._desk.settings.panel.port
        fixed = new["mode"] == "static"
        address = f"http://{new['address'] if fixed else LOCAL_NAME}:{port}/"
        then = "network.ask_open" if fixed else "network.ask_open_found"
        return [Ask("network.ask_ethernet"), Ask(then, {"address": address, "seconds": SECONDS})]

    def saved(self, visit: Visit) -> Answer:
        state = self._desk.live.network()
        found = state.interfaces if state else []
        before = [each.partition("/")[0] for of in found if of.side == "ethernet" for each in of.addresses]
        answer = self.save(visit)
        stored = self._desk.section("ethernet")
        return _moved(answer, visit, self._desk, before, stored["address"] if stored["mode"] == "static" else "")


def _with_save(routes: list[Route], path: str, save: Any) -> list[Route]:
    return [*(route for route in routes if (route.method, route.path) != ("POST", path)), post(path, save)]


def _moved(answer: Answer, visit: Visit, desk: Desk, before: list[str], after: str) -> Answer:
    """`answer`, or the new address in place of a redirect to one that is no longer this device's."""
    host = host_name(visit)
    if not isinstance(answer, Redirect) or not is_ours(desk) or host not in before or after in ("", host):
        return answer
    if answer.notice is not None and visit.session is not None:
        visit.session.notices.append(answer.notice)
    return Page("moved.html", {"address": f"http://{after}:{desk.settings.panel.port}{answer.to}"})
