"""Settings of the panel itself."""

from typing import Final

from otpbroker.panel.answers import Answer
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.moved import followed
from otpbroker.panel.routes import Route, post
from otpbroker.panel.setting import Setting, SettingPages
from otpbroker.panel.visit import Visit

SETTING: Final = Setting(
    section="panel",
    path="/panel",
    words="panel",
    groups=(Group("panel.group", ("port", "host_names", "idle_s")),),
)


class PanelSettingPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages = SettingPages(desk, SETTING)

    def routes(self) -> list[Route]:
        others = [route for route in self._pages.routes() if (route.method, route.path) != ("POST", SETTING.path)]
        return [*others, post(SETTING.path, self.save)]

    def save(self, visit: Visit) -> Answer:
        port = self._desk.settings.panel.port
        return followed(self._pages.save(visit), visit, self._desk, port)
