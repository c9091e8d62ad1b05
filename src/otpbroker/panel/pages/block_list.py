"""The block list. Numbers are whole here and nowhere else: it is the administrators' own list, and has to be searched.
They travel in forms, never in addresses.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from otpbroker import msisdn
from otpbroker.errors import BrokerError
from otpbroker.ipc.wire import Verb
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.outcome import status_of
from otpbroker.panel.paging import page_of
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.verbs.dispatch import Block, BlockedList, BlockEntry, DeleteBlocked, Done, Unblock

_LONGEST_NUMBER: Final = 64
_PAGE: Final = 50


class BlockListPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        path = "/block-list"
        return [
            get(path, self.all),
            post(path, self.all),
            post(f"{path}/add", self.added),
            post(f"{path}/block", self.blocked),
            post(f"{path}/unblock", self.unblocked),
            post(f"{path}/delete", self.delete),
            post(f"{path}/deleted", self.deleted),
        ]

    def all(self, visit: Visit) -> Answer:
        """A search and its pages come by POST."""
        return self._page(visit)

    def _page(self, visit: Visit, typed: str = "", error: BrokerError | None = None) -> Page:
        wanted = visit.form.get("q").strip()[:_LONGEST_NUMBER]
        down = ""
        try:
            listed = self._desk.peers.dispatch.call(BlockedList()).block_list
        except BrokerError as away:
            listed, down = [], away.key
        found = matching(listed, wanted, self._desk.settings.sms.country_code)
        paged = page_of(found, replace(visit, query=visit.form) if visit.method == "POST" else visit, _PAGE)
        values = {"paged": paged, "q": wanted, "all": len(listed), "down": down, "typed": typed, "error": error}
        return Page("block_list.html", values, 200 if error is None else status_of(error))

    def added(self, visit: Visit) -> Answer:
        number = _number(visit)
        try:
            done = self._desk.peers.dispatch.call(Block(msisdn=number))
        except BrokerError as error:
            return self._page(visit, number, error)
        return self._told(visit, "block", done.msisdn)

    def blocked(self, visit: Visit) -> Answer:
        return self._done(visit, "block", Block(msisdn=_number(visit)))

    def unblocked(self, visit: Visit) -> Answer:
        return self._done(visit, "unblock", Unblock(msisdn=_number(visit)))

    def delete(self, visit: Visit) -> Answer:
        """Asks first."""
        return Page("block_list_delete.html", {"number": _number(visit)})

    def deleted(self, visit: Visit) -> Answer:
        return self._done(visit, "delete", DeleteBlocked(msisdn=_number(visit)))

    def _done(self, visit: Visit, action: str, verb: Verb[Done]) -> Answer:
        try:
            done = self._desk.peers.dispatch.call(verb)
        except BrokerError as error:
            return self._back(visit, Notice("failed", error.key, error.params))
        return self._told(visit, action, done.msisdn)

    def _told(self, visit: Visit, action: str, number: str) -> Answer:
        masked = msisdn.mask(number)
        self._desk.record(visit, _AUDITED[action], masked)
        return self._back(visit, Notice("done", f"block_list.done_{action}", {"number": masked}))

    def _back(self, visit: Visit, notice: Notice) -> Answer:
        """To the list as it was looked at: what was searched for is no part of an address."""
        if not visit.form.get("q") or visit.session is None:
            page = visit.form.number("page", 1, 1_000_000)
            return Redirect(f"/block-list?page={page}" if page > 1 else "/block-list", notice)
        visit.session.notices.append(notice)
        return self._page(visit)


_AUDITED: Final = {
    "block": "audit.number_blocked",
    "unblock": "audit.number_unblocked",
    "delete": "audit.block_deleted",
}


def _number(visit: Visit) -> str:
    return visit.form.get("number").strip()[:_LONGEST_NUMBER]


def matching(listed: Sequence[BlockEntry], wanted: str, country_code: str) -> Sequence[BlockEntry]:
    """Those with the digits of `wanted` anywhere; one that begins with 0 may be of this country."""
    digits = "".join(character for character in wanted if character.isascii() and character.isdigit())
    if not digits:
        return [] if wanted else listed
    home = country_code + digits[1:] if digits.startswith("0") else digits
    return [entry for entry in listed if digits in entry.msisdn or entry.msisdn.startswith(home)]
