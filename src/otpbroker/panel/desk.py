"""What every page works with: the other processes, the settings that the panel lives by, and who is signed in."""

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from otpbroker.config.sections.admins import Admin, AdminsSection, PanelSection, usable
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.panel.guard import Guard
from otpbroker.panel.live.live import Live
from otpbroker.panel.peers import Peers
from otpbroker.panel.sessions import Session, Sessions
from otpbroker.panel.slow import Slow
from otpbroker.panel.visit import Visit
from otpbroker.panel.waiting import WaitingChange
from otpbroker.secrets import Secret
from otpbroker.system.logbook import LogSource
from otpbroker.system.machine import Machine
from otpbroker.verbs.apply import Applied, Change, GetSection, GetWaiting, Problem
from otpbroker.verbs.audit import NOBODY, Record
from otpbroker.verbs.keystore import ShownCertificate

_LOG: Final = logging.getLogger(__name__)


MAX_SUBJECT: Final = 120
_UNSAVED: Final = ("settings.not_saved", "apply.unavailable", "apply.lost")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the panel itself reads; none of it holds another's secret."""

    general: GeneralSection
    sms: SmsSection
    api: ApiSection
    panel: PanelSection
    admins: Mapping[str, Admin]


def load(store: Store) -> Settings:
    """Raises `SettingsError`."""
    return Settings(
        store.load(GeneralSection),
        store.load(SmsSection),
        store.load(ApiSection),
        store.load(PanelSection),
        {admin.username: admin for admin in store.load(AdminsSection).admins},
    )


class Desk:
    """`logs` is None where nothing keeps them. `stopping` is set when the process ends: live pages end then. `slow` has
    places for pages that wait for a modem or a mail server. `asks_code`: whether a set-up code lets the first
    administrator be made from any side.
    """

    def __init__(
        self,
        peers: Peers,
        settings: Settings,
        machine: Machine | None = None,
        logs: LogSource | None = None,
        asks_code: Callable[[], bool] = lambda: False,
        *,
        certificate: Callable[[], ShownCertificate | None] = lambda: None,
    ) -> None:
        self.peers = peers
        self.settings = settings
        self.logs = logs
        self.asks_code = asks_code
        self.stopping = threading.Event()
        self.slow = Slow()
        self.sessions = Sessions(settings.panel.idle_s)
        self.live = Live(peers, lambda: self.settings.sms.monitor_sms, machine or Machine(Path("/")), certificate)
        self.guard = Guard(self.note)
        self.waiting = WaitingChange()
        self._taking = threading.Lock()

    def take(self, settings: Settings) -> None:
        """Live by new settings; sessions end of whom they no longer let in, or whose password changed."""
        with self._taking:
            self.settings = settings
            self.sessions.idle_s = settings.panel.idle_s
            self.sessions.end_where(lambda session: _shut_out(session, settings))

    def sign_in(self, visit: Visit, username: str, password_hash: Secret) -> tuple[str, Session] | None:
        """A new session in place of the present one, and its token; None where the password is this no longer, or the
        account cannot be used.
        """
        with self._taking:
            admin = self.settings.admins.get(username)
            if admin is None or not usable(admin) or admin.password_hash != password_hash:
                return None
            if visit.session is not None:
                self.sessions.end({visit.session.id})
            return self.sessions.open(username, visit.address, visit.agent, password_hash)

    def section(self, name: str) -> dict[str, Any]:
        """A settings section as people may see it, secrets masked."""
        return self.peers.apply.call(GetSection(section=name)).document

    def change(self, verb: Change[Applied]) -> Applied:
        """What became of it. That it could not be saved, or that nobody knows, is a problem like those of its values:
        what was typed must not be lost over it.
        """
        try:
            done = self.peers.apply.call(verb)
        except BrokerError as error:
            if error.key not in _UNSAVED:
                raise
            _LOG.warning("not saved: %s", error)
            return Applied(changed=False, problems=[Problem(path="", key=error.key, params=error.params)])
        if done.changed:
            self.live.look_again()
        if done.confirmation:
            self.look_for_waiting()
        return done

    def look_for_waiting(self) -> None:
        """Ask for the change that waits for its confirmation: from now on every page shows it."""
        with contextlib.suppress(BrokerError):
            self.waiting.told(self.peers.apply.call(GetWaiting()))

    def record(self, visit: Visit, action: str, subject: str = "", **params: str | int) -> None:
        """Write down for the audit trail what is no change of settings: `action` is a text key (`audit.…`), numbers
        come masked. Where it cannot be written, the log says so; what was done stays done.
        """
        self.note(NOBODY if visit.session is None else visit.session.username, action, subject, **params)

    def note(self, by: str, action: str, subject: str = "", **params: str | int) -> None:
        """As `record`, of somebody who is not signed in (yet)."""
        try:
            self.peers.apply.call(Record(by=by, action=action, subject=subject[:MAX_SUBJECT], params=params))
        except BrokerError as error:
            _LOG.warning("not in the audit trail: %s (%s)", action, error)


def _shut_out(session: Session, settings: Settings) -> bool:
    """A session lasts as long as the password that opened it."""
    admin = settings.admins.get(session.username)
    return admin is None or not usable(admin) or admin.password_hash != session.password_hash
