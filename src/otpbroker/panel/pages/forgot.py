"""A forgotten password: a code to the phone or address that is stored for the account, then a new password.

Nothing that these pages say or do, nor how long they take, tells whether there is such an account.
"""

import logging
from typing import Final

from otpbroker.config import passwords
from otpbroker.config.sections.admins import Admin, usable
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.modem.status import ModemState
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.courier import Courier, command_of, sender_of
from otpbroker.panel.desk import Desk
from otpbroker.panel.formats import duration
from otpbroker.panel.refused import Refused
from otpbroker.panel.resets import CODE_LIFE_S, Reset, Resets, new_name
from otpbroker.panel.routes import Access, Route, get, post
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import SetEntry
from otpbroker.verbs.dispatch import Status
from otpbroker.verbs.mail import MailStatus
from otpbroker.verbs.otp import CheckOtp

_LOG: Final = logging.getLogger(__name__)
_PEER_S: Final = 2.0
_NOWHERE: Final = {"sms": "6280000000000", "email": "nobody@invalid"}  # a code for it was never sent
_LONGEST_CODE: Final = 12


class ForgotPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._resets = Resets()
        self._courier = Courier(desk.peers)

    def routes(self) -> list[Route]:
        return [
            get("/forgot", self.ask, Access.ANYBODY),
            post("/forgot", self.asked, Access.ANYBODY),
            get("/forgot/code", self.code, Access.ANYBODY),
            post("/forgot/code", self.entered, Access.ANYBODY),
            get("/forgot/done", self.done, Access.ANYBODY),
        ]

    # Asking for a code

    def ask(self, _visit: Visit) -> Answer:
        return Page("forgot.html", {"ways": self._ways(), "wrong": False})

    def _ways(self) -> list[str]:
        """How this device can send now, to anybody."""
        return [name for name, can in (("sms", self._can_send_sms), ("email", self._can_send_mail)) if can()]

    def _can_send_sms(self) -> bool:
        try:
            modems = self._desk.peers.dispatch.call(Status(), _PEER_S).modems
        except BrokerError:
            return False
        return any(modem.state == ModemState.READY for modem in modems)

    def _can_send_mail(self) -> bool:
        try:
            facts = self._desk.peers.mail.call(MailStatus(), _PEER_S)
        except BrokerError:
            return False
        return facts.direct is not None or any(account.active for account in facts.accounts)

    def asked(self, visit: Visit) -> Answer:
        username, way = visit.form.get("username").strip(), visit.form.get("way")
        if not username or way not in _NOWHERE:
            return Page("forgot.html", {"ways": self._ways(), "wrong": True}, 422)
        wait_s = self._resets.wait_to_ask_s(username, visit.address)
        if wait_s > 0:
            raise _too_often(visit, wait_s, "forgot.too_often")
        admin = self._desk.settings.admins.get(username)
        receiver = _receiver(admin, way)
        reset = self._resets.begin(visit.guest, username, receiver or _NOWHERE[way])
        if receiver:
            self._send(visit, reset)
        return Redirect("/forgot/code")

    def _send(self, visit: Visit, reset: Reset) -> None:
        device = self._desk.settings.general.device_name.replace("%", "")
        text = visit.words.say("forgot.message", device=device, minutes=int(CODE_LIFE_S / 60), code="%s")
        reference = new_name()

        def under_way() -> None:
            self._resets.renew(reset, reference)
            self._desk.note(reset.username, "audit.code_asked", visit.address)

        command = command_of(reference, reset.receiver, text, visit.words.say("forgot.subject", device=device))
        self._courier.send(command, sender_of(reset.username, visit.words.language), under_way)

    # Entering it

    def code(self, visit: Visit) -> Answer:
        if self._resets.of(visit.guest) is None:
            return Redirect("/forgot")
        return self._code_page({})

    def _code_page(self, errors: dict[str, str], status: int = 200) -> Page:
        return Page("forgot_code.html", {"errors": errors, "minutes": int(CODE_LIFE_S / 60)}, status)

    def entered(self, visit: Visit) -> Answer:
        reset = self._resets.of(visit.guest)
        if reset is None:
            return Redirect("/forgot")
        wait_s = self._resets.wait_to_guess_s(visit.address)
        if wait_s > 0:
            raise _too_often(visit, wait_s, "login.locked")
        password = Secret(visit.form.get("password"))
        least = passwords.MIN_ADMIN_PASSWORD
        if len(password.reveal()) < least:
            return self._code_page({"password": visit.words.say("settings.password_too_short", least=least)}, 422)
        if not self._is_right(visit, reset):
            self._resets.guessed_wrong(visit.address)
            return self._code_page({"code": visit.words.say("forgot.wrong_code")}, 422)
        return self._changed(visit, reset, password)

    def _is_right(self, visit: Visit, reset: Reset) -> bool:
        """Dispatch counts the attempts. Raises `BrokerError` where nobody can say."""
        code = "".join(visit.form.get("code").split())
        if not (code.isascii() and code.isdigit() and len(code) <= _LONGEST_CODE):
            return False
        verb = CheckOtp(
            door="panel",
            user=reset.username,
            reference=reset.reference,
            receiver=reset.receiver,
            otp=Secret(code),
            key=reset.key,
        )
        try:
            self._desk.peers.dispatch.call(verb)
        except BrokerError as error:
            if error.key == "dispatch.unavailable" or error.code == ResponseCode.LIMIT:
                raise
            return False
        return True

    def _changed(self, visit: Visit, reset: Reset, password: Secret) -> Answer:
        """All sessions of the account end, and nobody's guesses keep its owner out."""
        if not usable(self._desk.settings.admins.get(reset.username)):
            return self._code_page({"code": visit.words.say("forgot.wrong_code")}, 422)  # changed since the code came
        values = {"password": password}
        applied = self._desk.change(SetEntry(section="admins", key=reset.username, values=values, by=reset.username))
        if applied.problems:
            return self._code_page({"password": visit.words.say(applied.problems[0].key)}, 422)
        self._desk.sessions.end_where(lambda session: session.username == reset.username)
        self._desk.guard.forget(reset.username)
        self._resets.end(visit.guest)
        self._desk.note(reset.username, "audit.password_reset", visit.address)
        _LOG.info("a forgotten password was replaced")
        return Redirect("/forgot/done")

    def done(self, _visit: Visit) -> Answer:
        return Page("forgot_done.html")


def _receiver(admin: Admin | None, way: str) -> str:
    """Empty where nothing can be sent."""
    if admin is None or not usable(admin):
        return ""
    return admin.phone if way == "sms" else admin.email if "@" in admin.email else ""


def _too_often(visit: Visit, wait_s: float, key: str) -> Refused:
    return Refused(429, key, retry_after_s=wait_s, wait=duration(int(wait_s) + 1, visit.words.language))
