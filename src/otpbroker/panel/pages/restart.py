"""Restart of the services or of the device: now, or by a schedule. The page comes back by itself."""

import secrets
from typing import Any, Final

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Download, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.routes import Access, Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.setting import Setting, SettingPages
from otpbroker.panel.visit import Visit
from otpbroker.verbs.apply import Restart, Restartable

PATH: Final = "/restart"
SETTING: Final = Setting(
    section="general",
    path=PATH,
    words="restart",
    groups=(Group("restart.schedule", ("restart_services", "restart_device")),),
    template="restart.html",
)
_TAKES_S: Final[dict[Restartable, int]] = {"services": 15, "device": 90}  # until a page without a script looks again
_LIFE: Final = secrets.token_urlsafe(9)  # of this process: the next one has another


class RestartPages(SettingPages):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, SETTING, self._now)

    def routes(self) -> list[Route]:
        return [
            *super().routes(),
            get(f"{PATH}/sure", self.sure),
            post(f"{PATH}/now", self.now),
            get(f"{PATH}/life", self.life, Access.ANYBODY),
        ]

    def _now(self, _visit: Visit) -> dict[str, Any]:
        """What would have to be finished first."""
        told = self._desk.live.now().dispatch
        return {"in_flight": None if told is None else told.counters.queued + told.counters.in_flight}

    def sure(self, visit: Visit) -> Answer:
        """Asks first: also the way without a script."""
        what = _what(visit.query.get("what"))
        return Page("restart_sure.html", {"what": what, **self._now(visit)})

    def now(self, visit: Visit) -> Answer:
        what = _what(visit.form.get("what"))
        try:
            self._desk.peers.apply.call(Restart(what=what, by=visit.admin))
        except BrokerError as error:
            return Redirect(PATH, Notice("failed", error.key, error.params))
        return Page("restarting.html", {"what": what, "life": _LIFE, "takes_s": _TAKES_S[what]})

    def life(self, _visit: Visit) -> Answer:
        """For scripts: it is another one after the restart."""
        return Download(_LIFE.encode(), "text/plain; charset=utf-8")


def _what(text: str) -> Restartable:
    return "device" if text == "device" else "services"
