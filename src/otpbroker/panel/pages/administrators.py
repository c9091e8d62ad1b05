"""Who may use this panel. Everybody's own account has its own page: nobody shuts out themselves here."""

from typing import Final

from otpbroker.panel.answers import Answer, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.listing import Listing, ListPages
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit

LISTING: Final = Listing(
    section="admins",
    path="/administrators",
    words="admins",
    name_field="username",
    columns=("name", "phone", "email"),
    groups=(
        Group("people.who", ("username", "name", "password", "phone", "email")),
        Group("people.may", ("active", "blocked")),
    ),
    actions=("activate", "deactivate", "block", "unblock"),
    list_template="administrators.html",
)
OWN_PAGE: Final = "/account"


class AdministratorPages(ListPages):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, LISTING)

    def view(self, visit: Visit) -> Answer:
        return Redirect(OWN_PAGE) if _is_own(visit) else super().view(visit)

    def edit(self, visit: Visit) -> Answer:
        return Redirect(OWN_PAGE) if _is_own(visit) else super().edit(visit)

    def edited(self, visit: Visit) -> Answer:
        """One's own password is changed by who knows the present one, on the own page."""
        return Redirect(OWN_PAGE) if _is_own(visit) else super().edited(visit)

    def delete(self, visit: Visit) -> Answer:
        if _is_own(visit):
            return Redirect(LISTING.path, Notice("failed", "admins.own"))
        return super().delete(visit)


def _is_own(visit: Visit) -> bool:
    return visit.query.get("key") == visit.admin
