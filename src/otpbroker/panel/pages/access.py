"""The way in and out: the first administrator, signing in and out, the language."""

import logging
from typing import Final, cast

from otpbroker.config import passwords
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel import forms
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk, usable
from otpbroker.panel.forms import Form, Group
from otpbroker.panel.routes import Access, Route, get, post
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.system.throttle import Throttle, network
from otpbroker.texts import Language
from otpbroker.verbs.apply import FirstAdmin
from otpbroker.web.hashing_slot import HashingSlot

_LOG: Final = logging.getLogger(__name__)
_FIRST: Final = (Group("admins.who", ("name", "username", "password", "phone", "email")),)
_NOBODY: Final = Secret()


class AccessPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._slot = HashingSlot()
        self._throttle = Throttle()

    def routes(self) -> list[Route]:
        return [
            get("/setup", self.setup, Access.SET_UP),
            post("/setup", self.set_up, Access.SET_UP),
            get("/login", self.login, Access.ANYBODY),
            post("/login", self.log_in, Access.ANYBODY),
            post("/logout", self.log_out, Access.ANYBODY),
            post("/language", self.language, Access.ANYBODY),
        ]

    def setup(self, _visit: Visit) -> Answer:
        return Page("setup.html", {"form": self._first_form()})

    def _first_form(self) -> Form:
        return forms.factory("admins", _FIRST)

    def set_up(self, visit: Visit) -> Answer:
        form = self._first_form()
        values = forms.typed(form, visit)
        username = values.pop("username").reveal()
        try:
            applied = self._desk.change(FirstAdmin(username=username, values=values, by=username))
        except BrokerError as error:
            if error.key != "admins.exist":
                raise
            return Redirect("/login")
        forms.tell(form, applied, visit.words)
        if form.is_wrong:
            return Page("setup.html", {"form": form}, 422)
        return self._signed_in(username, visit, "/start")

    def login(self, visit: Visit) -> Answer:
        if visit.session is not None:
            return Redirect("/")
        if not self._desk.settings.admins and visit.set_up_side:
            return Redirect("/setup")
        return Page("login.html", {"username": "", "error": ""})

    def log_in(self, visit: Visit) -> Answer:
        """A wrong name, a wrong password and a blocked account look and last the same."""
        username = visit.form.get("username").strip()
        password = Secret(visit.form.get("password"))
        keys = (f"address {network(visit.address)}", f"user {username[:64]}")
        wait_s = self._throttle.wait_s(keys)
        if wait_s > 0:
            raise BrokerError(ResponseCode.LIMIT, "auth.too_many", retry_after_s=wait_s, seconds=int(wait_s) + 1)
        admin = self._desk.settings.admins.get(username)
        stored = admin.password_hash if admin is not None else _NOBODY
        right = self._slot.run(_flight(username, password), lambda: passwords.verify(password, stored))
        if not right or not usable(admin):
            self._throttle.failed(keys)
            _LOG.warning("sign-in refused")
            return Page("login.html", {"username": username, "error": "login.wrong"}, 401)
        self._throttle.forget(keys[1])
        return self._signed_in(username, visit, "/")

    def _signed_in(self, username: str, visit: Visit, to: str) -> Redirect:
        if visit.session is not None:
            self._desk.sessions.end({visit.session.id})
        token, _ = self._desk.sessions.open(username, visit.address, visit.agent)
        return Redirect(to, sign_in=token)

    def log_out(self, visit: Visit) -> Answer:
        if visit.session is not None:
            self._desk.sessions.end({visit.session.id})
        return Redirect("/login", sign_in="")

    def language(self, visit: Visit) -> Answer:
        """Back to where the choice was made: a path of ours, never another site."""
        language = visit.form.get("language")
        back = visit.form.get("back")
        safe = back if back.startswith("/") and not back.startswith("//") and back.isprintable() else "/"
        return Redirect(safe, language=cast(Language, language) if language in ("en", "id") else "")


def _flight(username: str, password: Secret) -> bytes:
    return f"{username}\0{password.reveal()}".encode()
