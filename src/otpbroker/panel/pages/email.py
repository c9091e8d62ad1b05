"""The e-mail accounts and how each fares; the local SMTP server."""

from collections.abc import Mapping
from typing import Any, Final

from otpbroker.config.sections.mail import PRESETS
from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.listing import Entry, Listing, ListPages
from otpbroker.panel.render import link
from otpbroker.panel.routes import Route, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.setting import Setting, SettingPages
from otpbroker.panel.visit import Visit
from otpbroker.verbs.mail import MailFacts, MailStatus, TestAccount

STATUS_S: Final = 2.0
TEST_S: Final = 30.0
_GRACE_S: Final = 5.0

ACCOUNTS: Final = Listing(
    section="email",
    path="/email-accounts",
    words="email",
    name_field="name",
    columns=("sender", "host"),
    groups=(
        Group("email.group_server", ("host", "port", "tls", "starttls")),
        Group("email.group_account", ("name", "sender", "auth", "password")),
        Group("email.group_use", ("active", "quota_day")),
        Group("email.group_more", ("ca_certificate",), folded=True),
    ),
    view_template="email_view.html",
    list_template="email_list.html",
    presets=PRESETS,
)
LOCAL: Final = Setting(
    section="smtp",
    path="/local-smtp",
    words="smtp",
    groups=(
        Group("smtp.group_delivery", ("active", "server_name")),
        Group(
            "smtp.group_relay", ("address", "port", "relay_username", "relay_password", "software_name"), folded=True
        ),
    ),
    template="local_smtp.html",
)


class EmailPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._accounts = ListPages(desk, ACCOUNTS, self._of_one, self._of_all)
        self._local = SettingPages(desk, LOCAL, lambda _visit: {"facts": self._facts()})

    def routes(self) -> list[Route]:
        test = post(f"{ACCOUNTS.path}/test", self.tested)
        return [*self._accounts.routes(), test, *self._local.routes()]

    def _facts(self) -> MailFacts | None:
        """None where otpb-mail does not answer."""
        try:
            return self._desk.peers.mail.call(MailStatus(), STATUS_S)
        except BrokerError:
            return None

    def _of_all(self, _visit: Visit) -> Mapping[str, Any]:
        facts = self._facts()
        accounts = facts.accounts if facts is not None else []
        active = [account for account in accounts if account.active]
        bounded = bool(active) and all(account.quota_day for account in active)
        return {
            "facts": {account.name: account for account in accounts},
            "sent": sum(account.sent_today for account in accounts),
            "quota": sum(account.quota_day for account in active) if bounded else 0,
        }

    def _of_one(self, visit: Visit, entry: Entry) -> Mapping[str, Any]:
        facts = self._facts()
        accounts = facts.accounts if facts is not None else []
        found = next((account for account in accounts if account.name == entry["name"]), None)
        return {"facts": found, "recipient": self._desk.settings.admins[visit.admin].email}

    def tested(self, visit: Visit) -> Answer:
        """Answers when the server has, so that the next page can say how it went."""
        name = str(self._accounts.entry(visit)["name"])
        back = link(f"{ACCOUNTS.path}/view", key=name)
        verb = TestAccount(account=name, recipient=visit.form.get("recipient").strip(), deadline_s=TEST_S)
        try:
            with self._desk.slow.place():
                mailed = self._desk.peers.mail.call(verb, TEST_S + _GRACE_S)
        except BrokerError as error:
            return Redirect(back, Notice("failed", error.key, error.params))
        self._desk.record(visit, "audit.email_tested", name)
        if mailed.state == "submitted":
            return Redirect(back, Notice("done", "email.tested"))
        return Redirect(back, Notice("failed", mailed.key or "email.tested_unknown", mailed.params))
