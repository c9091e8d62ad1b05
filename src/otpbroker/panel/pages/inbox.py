"""Incoming SMS, as they lie in each SIM and modem: read from there for every page, kept nowhere else."""

import hashlib
import re
from datetime import datetime
from typing import Final, NamedTuple

from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.modem_choice import ModemOption, of_modems
from otpbroker.panel.render import link
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.verbs.dispatch import Alarm, Inbox, InboxDelete, InboxMessage, Status

_STATUS_S: Final = 2.0
_READ_S: Final = 60.0
_KEY: Final = re.compile(r"[A-Z]{2}:[0-9]+(,[0-9]+)*")
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")
_FULL: Final = "modem.store_full"


class Shown(NamedTuple):
    """`at` is Unix seconds, None where the network gave no time. `mark` tells this message from another that may lie
    in the same place later. `reply_to` is empty where nobody could be answered.
    """

    key: str
    sender: str
    at: float | None
    text: str
    complete: bool
    mark: str
    reply_to: str


def shown(message: InboxMessage) -> Shown:
    at = _moment(message.received_at)
    content = f"{message.sender}\0{message.received_at}\0{message.text}"
    mark = hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()[:16]
    reply_to = message.sender if _NUMBER.fullmatch(message.sender) else ""
    return Shown(message.key, message.sender, at, message.text, message.complete, mark, reply_to)


def _moment(written: str) -> float | None:
    try:
        return datetime.fromisoformat(written).timestamp()
    except (ValueError, OverflowError):
        return None


class InboxPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [
            get("/inbox", self.all),
            post("/inbox/delete", self.delete),
            post("/inbox/deleted", self.deleted),
        ]

    def all(self, visit: Visit) -> Answer:
        """Every modem, each to be read by itself: that takes a modem seconds. `?modem=` reads one."""
        wanted = visit.query.get("modem")
        if visit.piece and wanted:
            return Page("inbox_of.html", self._read(wanted))
        down = ""
        modems: list[ModemOption] = []
        alarms: list[Alarm] = []
        try:
            status = self._desk.peers.dispatch.call(Status(), _STATUS_S)
            modems, alarms = of_modems(status.modems), [alarm for alarm in status.alarms if alarm.key == _FULL]
        except BrokerError as error:
            down = error.key
        chosen = [modem for modem in modems if modem.id == wanted] if wanted else modems
        values = {"modems": chosen, "others": len(modems) - len(chosen), "down": down, "wanted": wanted}
        values["full"] = {str(alarm.params.get("modem")): alarm for alarm in alarms}
        return Page("inbox.html", {**values, **(self._read(wanted) if chosen and wanted else {"modem": ""})})

    def _read(self, modem: str) -> dict[str, object]:
        """What `inbox_of.html` shows: the newest first."""
        try:
            found = [shown(message) for message in self._messages(modem)]
        except BrokerError as error:
            return {"modem": modem, "messages": [], "error": error}
        return {"modem": modem, "messages": sorted(found, key=lambda each: -(each.at or 0)), "error": None}

    def _messages(self, modem: str) -> list[InboxMessage]:
        with self._desk.slow.place():
            return self._desk.peers.dispatch.call(Inbox(modem=modem), _READ_S).messages

    def delete(self, visit: Visit) -> Answer:
        """Asks first."""
        form = visit.form
        at = form.get("at")
        values: dict[str, object] = {name: form.get(name)[:100] for name in ("modem", "key", "mark", "sender")}
        values["at"] = float(at) if re.fullmatch(r"[0-9]{1,11}(\.[0-9]+)?", at) else None
        return Page("inbox_delete.html", values)

    def deleted(self, visit: Visit) -> Answer:
        """Only what was shown is deleted: another message may lie in its place meanwhile."""
        modem, key, mark = (visit.form.get(name) for name in ("modem", "key", "mark"))
        back = link("/inbox", modem=modem)
        try:
            there = _KEY.fullmatch(key) and any(
                each.key == key and shown(each).mark == mark for each in self._messages(modem)
            )
            if not there:
                return Redirect(back, Notice("failed", "inbox.changed"))
            with self._desk.slow.place():
                self._desk.peers.dispatch.call(InboxDelete(modem=modem, key=key), _READ_S)
        except BrokerError as error:
            return Redirect(back, Notice("failed", error.key, error.params))
        self._desk.record(visit, "audit.inbox_deleted", modem)
        return Redirect(back, Notice("done", "inbox.deleted"))
