"""One's own account: who one is, the password, the language, and where one is signed in."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from otpbroker.config import passwords
from otpbroker.config.sections.admins import Admin
from otpbroker.panel import agents, forms
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Form, Group
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice, Session
from otpbroker.panel.visit import Visit
from otpbroker.panel.words import Words
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import SetEntry

_GROUPS: Final = (Group("account.who", ("name", "phone", "email")),)
_ID_LENGTH: Final = 16


class Shown(NamedTuple):
    """A session in the list. `id` is the beginning of its name, which opens nothing."""

    id: str
    device: str
    address: str
    began_at: float
    seen_at: float
    present: bool


class AccountPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [
            get("/account", self.show),
            post("/account", self.save),
            post("/account/password", self.change_password),
            post("/account/end", self.end),
            post("/logout/everywhere", self.end_all),
        ]

    def show(self, visit: Visit) -> Answer:
        return self._page(visit, self._form(visit))

    def _admin(self, visit: Visit) -> Admin:
        return self._desk.settings.admins[visit.admin]  # who is none any more has no session

    def _form(self, visit: Visit) -> Form:
        admin = self._admin(visit)
        return forms.shown("admins", _GROUPS, {name: getattr(admin, name) for name in _GROUPS[0].names})

    def _page(self, visit: Visit, form: Form, errors: Mapping[str, str] | None = None, status: int = 200) -> Page:
        sessions = [_shown(session, visit) for session in self._desk.sessions.of(visit.admin)]
        return Page("account.html", {"form": form, "sessions": sessions, "errors": errors or {}}, status)

    def save(self, visit: Visit) -> Answer:
        form = self._form(visit)
        values = forms.typed(form, visit)
        verb = SetEntry(section="admins", key=visit.admin, values=values, by=visit.admin, check_only=form.stale)
        applied = self._desk.change(verb)
        forms.tell(form, applied, visit.words)
        if form.is_wrong:
            return self._page(visit, form, status=422)
        return Redirect("/account", Notice("done", "setting.saved"))

    def change_password(self, visit: Visit) -> Answer:
        """All sessions of the account end; this browser gets a new one."""
        password = Secret(visit.form.get("password"))
        errors = self._wrong(visit, password)
        if not errors:
            verb = SetEntry(section="admins", key=visit.admin, values={"password": password}, by=visit.admin)
            problems = [visit.words.say(each.key, **each.params) for each in self._desk.change(verb).problems]
            errors = {"password": "; ".join(problems)} if problems else {}
        if errors:
            return self._page(visit, self._form(visit), errors, 422)
        return self._signed_in_anew(visit)

    def _wrong(self, visit: Visit, password: Secret) -> dict[str, str]:
        least = passwords.MIN_ADMIN_PASSWORD
        if len(password.reveal()) < least:
            return {"password": visit.words.say("settings.password_too_short", least=least)}
        present = Secret(visit.form.get("present"))
        if not self._desk.guard.is_right(visit, visit.admin, present, self._admin(visit)):
            return {"present": visit.words.say("account.present_wrong")}
        return {}

    def _signed_in_anew(self, visit: Visit) -> Redirect:
        username = visit.admin
        self._desk.sessions.end_where(lambda session: session.username == username)
        opened = self._desk.sign_in(visit, username, self._admin(visit).password_hash)
        if opened is None:
            return Redirect("/login")
        token, session = opened
        session.notices.append(Notice("done", "account.password_changed"))
        return Redirect("/account", sign_in=token)

    def end(self, visit: Visit) -> Answer:
        wanted = visit.form.get("session")
        ended = [each for each in self._desk.sessions.of(visit.admin) if each.id[:_ID_LENGTH] == wanted]
        self._desk.sessions.end({each.id for each in ended})
        for each in ended:
            self._desk.record(visit, "audit.session_ended", each.address)
        return Redirect("/account", Notice("done", "account.session_ended") if ended else None)

    def end_all(self, visit: Visit) -> Answer:
        username = visit.admin
        self._desk.sessions.end_where(lambda session: session.username == username)
        self._desk.record(visit, "audit.sessions_ended")
        return Redirect("/login", sign_in="")


def _shown(session: Session, visit: Visit) -> Shown:
    present = visit.session is not None and visit.session.id == session.id
    device = _device(session.agent, visit.words)
    return Shown(session.id[:_ID_LENGTH], device, session.address, session.began_at, session.seen_at, present)


def _device(agent: str, words: Words) -> str:
    browser, system = agents.browser(agent), agents.system(agent)
    if browser and system:
        return words.say("account.device", browser=browser, system=system)
    return browser or system or words.say("account.device_unknown")
