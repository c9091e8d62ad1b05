"""The modems: settings of each, and what the device sees of it."""

from collections.abc import Mapping
from typing import Any, Final

from otpbroker.errors import BrokerError
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.listing import Entry, Listing, ListPages
from otpbroker.panel.routes import Route
from otpbroker.panel.visit import Visit
from otpbroker.verbs.dispatch import ModemFacts, ModemList

LISTING: Final = Listing(
    section="modems",
    path="/modems",
    words="modems",
    name_field="name",
    columns=("port", "recipient_prefix", "sms_api", "default_modem"),
    groups=(
        Group("modems.group_identity", ("name", "port", "imei", "msisdn", "imsi", "smsc", "sim_pin")),
        Group("modems.group_sending", ("active", "sms_api", "default_modem", "recipient_prefix", "tariffs")),
        Group("modems.group_quota", ("quota_day", "quota_month")),
        Group("modems.group_serial", ("baud_rate", "parity", "start_bits", "stop_bits"), folded=True),
        Group(
            "modems.group_internet",
            (
                "internet_access",
                "apn",
                "apn_username",
                "apn_password",
                "dial_number",
                "init_dial_1",
                "init_dial_2",
                "init_dial_3",
                "init_dial_4",
                "init_dial_5",
                "dial_command",
            ),
            folded=True,
        ),
    ),
)


class ModemPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages = ListPages(desk, LISTING, self._more)

    def routes(self) -> list[Route]:
        return self._pages.routes()

    def _more(self, _visit: Visit, entry: Entry) -> Mapping[str, Any]:
        return {"facts": self._facts().get(str(entry["id"]))}

    def _facts(self) -> dict[str, ModemFacts]:
        """By id; none where dispatch does not answer."""
        try:
            return {modem.id: modem for modem in self._desk.peers.dispatch.call(ModemList(), 2).modems}
        except BrokerError:
            return {}
