"""Settings of the panel itself."""

from typing import Final

from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.routes import Route
from otpbroker.panel.setting import Setting, SettingPages

SETTING: Final = Setting(
    section="panel",
    path="/panel",
    words="panel",
    groups=(Group("panel.group", ("port", "host_names", "idle_s")),),
)


class PanelSettingPages:
    def __init__(self, desk: Desk) -> None:
        self._pages = SettingPages(desk, SETTING)

    def routes(self) -> list[Route]:
        return self._pages.routes()
