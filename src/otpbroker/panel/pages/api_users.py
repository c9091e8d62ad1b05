"""Who may send over REST."""

from typing import Final

from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.listing import Listing, ListPages
from otpbroker.panel.routes import Route

LISTING: Final = Listing(
    section="api_users",
    path="/api-users",
    words="api_users",
    name_field="username",
    columns=("name", "phone", "email"),
    groups=(
        Group("people.who", ("username", "name", "password", "phone", "email")),
        Group("people.may", ("active", "blocked")),
    ),
    actions=("activate", "deactivate", "block", "unblock"),
)


class ApiUserPages:
    def __init__(self, desk: Desk) -> None:
        self._pages = ListPages(desk, LISTING)

    def routes(self) -> list[Route]:
        return self._pages.routes()
