"""The way in and out: the first administrator, signing in and out, the language."""

import logging
from typing import Final, cast

from otpbroker.config.sections.admins import Admin
from otpbroker.errors import BrokerError
from otpbroker.panel import back, forms
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Form, Group
from otpbroker.panel.guard import refuse_locked
from otpbroker.panel.routes import Access, Route, get, post
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.system.throttle import Throttle, network
from otpbroker.texts import Language
from otpbroker.verbs.apply import FirstAdmin

_LOG: Final = logging.getLogger(__name__)
_TOLD: Final = ("over", "unsent", "stale")  # why somebody has to sign in (again)
_FIRST: Final = (Group("admins.who", ("name", "username", "password", "phone", "email")),)


class AccessPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wrong_codes = Throttle()

    def routes(self) -> list[Route]:
        return [
            get("/setup", self.setup, Access.SET_UP),
            post("/setup", self.set_up, Access.SET_UP),
            get("/login", self.login, Access.ANYBODY),
            post("/login", self.log_in, Access.ANYBODY),
            post("/logout", self.log_out, Access.ANYBODY),
            post("/language", self.language, Access.ANYBODY),
        ]

    def setup(self, visit: Visit) -> Answer:
        return _setup_page(visit, forms.factory("admins", _FIRST))

    def set_up(self, visit: Visit) -> Answer:
        form = forms.factory("admins", _FIRST)
        values = forms.typed(form, visit)
        username = values.pop("username").reveal()
        code = None if visit.set_up_side else self._code(visit)
        try:
            applied = self._desk.change(FirstAdmin(username=username, values=values, by=username, setup_code=code))
        except BrokerError as error:
            if error.key == "admins.exist":
                return Redirect("/login")
            if error.key != "admins.wrong_code":
                raise
            self._wrong_codes.failed([network(visit.address)])
            _LOG.warning("a wrong set-up code was typed")
            return _setup_page(visit, form, visit.words.say(error.key))
        forms.tell(form, applied, visit.words)
        if form.is_wrong:
            return _setup_page(visit, form, status=422)
        made = self._desk.settings.admins.get(username)
        return Redirect("/login") if made is None else self._signed_in(visit, made, "/start")

    def _code(self, visit: Visit) -> Secret:
        """The set-up code as typed. Raises `Refused` 429 after too many wrong ones of this address."""
        refuse_locked(visit, self._wrong_codes.wait_s([network(visit.address)]))
        return Secret(visit.form.get("setup_code"))

    def login(self, visit: Visit) -> Answer:
        to = back.safe(visit.query.get("back"))
        if visit.session is not None:
            return Redirect(to)
        if not self._desk.settings.admins and (visit.set_up_side or self._desk.asks_code()):
            return Redirect("/setup")
        told = visit.query.get("told")
        return Page("login.html", {"username": "", "error": "", "told": told if told in _TOLD else "", "back": to})

    def log_in(self, visit: Visit) -> Answer:
        """A wrong name, a wrong password and a blocked account look and last the same."""
        username, to = visit.form.get("username").strip(), back.safe(visit.form.get("back"))
        admin = self._desk.settings.admins.get(username)
        if not self._desk.guard.is_right(visit, username, Secret(visit.form.get("password")), admin) or admin is None:
            _LOG.warning("sign-in refused")
            return Page("login.html", {"username": username, "error": "login.wrong", "told": "", "back": to}, 401)
        return self._signed_in(visit, admin, to)

    def _signed_in(self, visit: Visit, admin: Admin, to: str) -> Redirect:
        """To the sign-in page where the account has changed just now."""
        opened = self._desk.sign_in(visit, admin.username, admin.password_hash)
        if opened is None:
            return Redirect("/login")
        self._desk.note(admin.username, "audit.signed_in", visit.address)
        return Redirect(to, sign_in=opened[0])

    def log_out(self, visit: Visit) -> Answer:
        if visit.session is not None:
            self._desk.sessions.end({visit.session.id})
            self._desk.record(visit, "audit.signed_out")
        return Redirect("/login", sign_in="")

    def language(self, visit: Visit) -> Answer:
        """Back to where the choice was made: a path of ours, never another site."""
        language = visit.form.get("language")
        return Redirect(
            back.safe(visit.form.get("back")), language=cast(Language, language) if language in ("en", "id") else ""
        )


def _setup_page(visit: Visit, form: Form, wrong_code: str = "", status: int = 200) -> Page:
    """From another side than the access point's the set-up code is asked for."""
    values = {"form": form, "asks_code": not visit.set_up_side, "wrong_code": wrong_code}
    return Page("setup.html", values, 422 if wrong_code else status)
