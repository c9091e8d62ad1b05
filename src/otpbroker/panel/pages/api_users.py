"""Who may send over REST, and what their applications need to be told."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from otpbroker.config import passwords
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group, Made
from otpbroker.panel.listing import Entry, Listing, ListPages
from otpbroker.panel.routes import Route
from otpbroker.panel.samples import PLACEHOLDER, TASKS, Sample, api_address, path_of, samples
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret


def _make_password() -> Made:
    made = passwords.generate()
    return Made(made, made)


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
    view_template="api_user_view.html",
    made_template="api_user_made.html",
    makers={"password": _make_password},
)


class Programs(NamedTuple):
    """Senders for one task, one for each language."""

    task: str
    samples: tuple[Sample, ...]


class ApiUserPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages = ListPages(desk, LISTING, self._more, shown=self._shown)

    def routes(self) -> list[Route]:
        return self._pages.routes()

    def _more(self, visit: Visit, entry: Entry) -> Mapping[str, Any]:
        return self._pasting(visit, str(entry["username"]), PLACEHOLDER)

    def _shown(self, visit: Visit, key: str, made: Mapping[str, Secret]) -> Mapping[str, Any]:
        return self._pasting(visit, key, made["password"].reveal())

    def _pasting(self, visit: Visit, user: str, password: str) -> Mapping[str, Any]:
        api = self._desk.settings.api
        address = api_address(visit.host, api, secure=visit.secure)
        made = [Programs(task, samples(address, path_of(task, api), user, password, task)) for task in TASKS]
        return {"address": address, "programs": made if address else []}
