"""Names that follow this device's public address: records, where the address is learnt, the accounts at the vendors."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.listing import Entry, Listing, ListPages
from otpbroker.panel.render import link
from otpbroker.panel.routes import Route, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.setting import Setting, SettingPages
from otpbroker.panel.visit import Visit
from otpbroker.verbs.ddns import DdnsState, DdnsStatus, UpdateNow

RECORDS: Final = Listing(
    section="ddns",
    path="/ddns",
    words="ddns_page",
    name_field="name",
    columns=("provider",),
    groups=(
        Group("ddns_page.group_record", ("name", "provider", "zone", "record_name", "type", "active")),
        Group("ddns_page.group_times", ("interval", "ttl")),
        Group("ddns_page.group_cloudflare", ("proxied", "force_create_zone")),
    ),
    actions=("activate", "deactivate", "proxy", "unproxy"),
    view_template="ddns_view.html",
    list_template="ddns_list.html",
)
ADDRESS: Final = Setting(
    section="public_address",
    path="/public-address",
    words="public_address",
    groups=(
        Group("public_address.group", ("source", "interface")),
        Group("public_address.group_web", ("web_ipv4", "web_ipv6"), folded=True),
    ),
    template="public_address.html",
)


def _account(section: str, *groups: Group) -> Setting:
    path = f"/{section}"
    return Setting(
        section=section, path=path, words=section, groups=groups, template="ddns_account.html", switch="active"
    )


_WHO: Final = Group("ddns_page.group_who", ("company", "email"))
_ELSEWHERE: Final = Group("ddns_page.group_endpoint", ("endpoint",), folded=True)
ACCOUNTS: Final = (
    _account(
        "cloudflare",
        Group("ddns_page.group_account", ("active", "token", "account_id")),
        Group("ddns_page.group_key", ("email", "api_key"), folded=True),
        _ELSEWHERE,
    ),
    _account("noip", Group("ddns_page.group_account", ("active", "username", "password")), _WHO, _ELSEWHERE),
    _account(
        "dynu",
        Group("ddns_page.group_account", ("active", "api_version", "username", "password", "api_key")),
        _WHO,
        _ELSEWHERE,
    ),
    _account("afraid", Group("ddns_page.group_account", ("active", "username", "password")), _WHO, _ELSEWHERE),
)


class DdnsPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._records = ListPages(desk, RECORDS, lambda _visit, _entry: self._fares(), lambda _visit: self._fares())
        self._address = SettingPages(desk, ADDRESS, lambda _visit: {"seen": self._seen()})

    def routes(self) -> list[Route]:
        accounts = [route for each in ACCOUNTS for route in SettingPages(self._desk, each, self._of(each)).routes()]
        return [
            *self._records.routes(),
            post(f"{RECORDS.path}/update", self.updated),
            *self._address.routes(),
            *accounts,
        ]

    def _state(self) -> DdnsState | None:
        """None where the service does not run."""
        try:
            return self._desk.peers.ddns.call(DdnsStatus())
        except BrokerError:
            return None

    def _fares(self) -> dict[str, Any]:
        """`records` by name; `told` False while the service does not run."""
        state = self._state()
        return {"told": state is not None, "records": {each.name: each for each in state.records} if state else {}}

    def _seen(self) -> dict[str, str]:
        """The public addresses as records saw them last, by the type of record."""
        state = self._state()
        return {each.type: each.public for each in state.records if each.public} if state else {}

    def _of(self, account: Setting) -> Callable[[Visit], Mapping[str, Any]]:
        """What an account's page shows beside its form."""

        def more(_visit: Visit) -> Mapping[str, Any]:
            records = self._desk.section("ddns")["ddns"]
            return {
                "enabled": self._desk.section(account.section)["active"],
                "names": [each["name"] for each in records if each["provider"] == account.section],
            }

        return more

    def updated(self, visit: Visit) -> Answer:
        """Answers when the vendor has."""
        entry = self._records.entry(visit)
        return Redirect(link(f"{RECORDS.path}/view", key=str(entry["name"])), self._updated(visit, entry))

    def _updated(self, visit: Visit, entry: Entry) -> Notice:
        try:
            with self._desk.slow.place():
                updated = self._desk.peers.ddns.call(UpdateNow(name=str(entry["name"])))
        except BrokerError as error:
            return Notice("failed", error.key, error.params)
        self._desk.record(visit, "audit.ddns_updated", str(entry["name"]))
        return Notice("done" if updated.done else "failed", updated.key, updated.params)
