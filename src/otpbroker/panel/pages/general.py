"""What the device is called, the language and currency it speaks in, and its time."""

from typing import Final

from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Form, Group
from otpbroker.panel.pages import clock
from otpbroker.panel.routes import Route
from otpbroker.panel.setting import Setting, SettingPages

CURRENCIES: Final = ("IDR", "MYR", "SGD", "USD", "EUR", "AUD", "PHP", "THB", "VND", "INR", "SAR")
SETTING: Final = Setting(
    section="general",
    path="/general",
    words="general",
    groups=(
        Group("general.group_device", ("device_name", "language", "currency")),
        Group("general.group_time", ("time_zone", "ntp_server", "ntp_interval")),
    ),
    template="general.html",
)


class GeneralPages(SettingPages):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, SETTING, lambda _visit: {"clock_state": clock.state(desk, "general")})

    def _stored(self) -> Form:
        form = super()._stored()
        form.offers = {"currency": [(each, "") for each in CURRENCIES]}
        zones = clock.zones()
        if zones:
            chosen = form.values["time_zone"]
            extra = () if any(chosen == name for name, _ in zones) else ((chosen, chosen),)
            form.offers = {**form.offers, "time_zone": (*extra, *zones)}
            form.only = frozenset({"time_zone"})
        return form

    def routes(self) -> list[Route]:
        return [*super().routes(), *clock.ClockPages(self._desk).routes()]
