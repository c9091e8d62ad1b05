"""A certificate of an authority: settings, a request now, and how it goes."""

from collections.abc import Mapping
from typing import Any, Final

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.setting import Setting, SettingPages
from otpbroker.panel.visit import Visit
from otpbroker.verbs.acme import AcmeState, AcmeStatus, OrderCertificate, Step

SETTING: Final = Setting(
    section="acme",
    path="/acme",
    words="acme_page",
    groups=(
        Group("acme_page.group", ("active", "names", "contact", "terms_agreed")),
        Group("acme_page.group_more", ("name", "directory", "ca_certificate"), folded=True),
    ),
    template="acme.html",
    switch="active",
)
STEPS: Final[tuple[Step, ...]] = ("account", "order", "records", "seen", "proof", "certificate")


class AcmePages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        pages = SettingPages(self._desk, SETTING, lambda _visit: self._more())
        path = SETTING.path
        return [*pages.routes(), get(f"{path}/status", self.status), post(f"{path}/request", self.requested)]

    def _more(self) -> Mapping[str, Any]:
        return {"enabled": self._desk.section(SETTING.section)["active"], **self._fares()}

    def _fares(self) -> Mapping[str, Any]:
        return {"state": self._state(), "steps": STEPS}

    def _state(self) -> AcmeState | None:
        """None where nobody tells."""
        try:
            return self._desk.peers.acme.call(AcmeStatus())
        except BrokerError:
            return None

    def status(self, visit: Visit) -> Answer:
        """Only how it goes, for a page that stands open."""
        return Page("_acme_state.html", self._fares()) if visit.piece else Redirect(SETTING.path)

    def requested(self, visit: Visit) -> Answer:
        """Begins it; the page that follows tells how it goes."""
        try:
            ordered = self._desk.peers.apply.call(OrderCertificate(by=visit.admin))
        except BrokerError as error:
            return Redirect(SETTING.path, Notice("failed", error.key, error.params))
        self._desk.record(visit, "audit.certificate_ordered")
        return Redirect(SETTING.path, Notice("done", ordered.key, ordered.params))
