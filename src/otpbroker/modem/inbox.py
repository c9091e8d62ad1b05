"""Messages in the stores of SIM and modem (3GPP TS 27.005 §3.2.2, §3.4.2, §3.4.3)."""

import re
import time
from collections.abc import Iterator

from msgspec import Struct

from otpbroker.modem.asking import Asker
from otpbroker.modem.at import AtChannel, Refused, Silence
from otpbroker.modem.contract import Blame, ModemError
from otpbroker.modem.drivers.quirks import Quirks
from otpbroker.modem.fields import fields, number
from otpbroker.modem.urcs import is_hex
from otpbroker.sms import incoming
from otpbroker.sms.assemble import Message, assemble
from otpbroker.sms.deliver import Deliver
from otpbroker.sms.pdu import PduError
from otpbroker.sms.status_report import StatusReport
from otpbroker.verbs.dispatch import InboxMessage

_KEY = re.compile(r"([A-Z]{2}):([0-9]+(?:,[0-9]+)*)")
_STORES = ("SM", "ME")
_RECEIVED = frozenset({"0", "1", "REC UNREAD", "REC READ"})
_LIST_S = 20.0
_READ_S = 5.0
_ALL_S = 45.0


class Store(Struct, frozen=True):
    """One memory: how many of its places are taken."""

    name: str
    used: int
    total: int


class Stored(Struct, frozen=True):
    index: int
    pdu: str


class Inbox:
    """Reads and deletes; nothing is kept. `reports` collects status reports that lay in the stores.

    `list_s` is how long a modem may take to list a store at once (AT+CMGL) before it is read place by place.
    """

    def __init__(self, at: AtChannel, quirks: Quirks, *, list_s: float = _LIST_S) -> None:
        self.reports: list[StatusReport] = []
        self._at = at
        self._by_index = quirks.list_by_index
        self._list_s = list_s
        self._names: tuple[str, ...] = ()

    def read(self) -> list[InboxMessage]:
        until = time.monotonic() + _ALL_S
        messages: list[InboxMessage] = []
        for name in self._stores():
            store = self._select(name)
            if store is not None and store.used:
                messages += self._messages(store, until)
        return messages

    def delete(self, key: str) -> None:
        """`key` as `InboxMessage.key`. A place that is empty already is no error."""
        match = _KEY.fullmatch(key)
        if match is None or self._select(match[1]) is None:
            raise ModemError(Blame.MESSAGE, "modem.cause.invalid_memory_index", cause=321)
        for index in match[2].split(","):
            self._at.command(f"AT+CMGD={index}", "", _READ_S)

    def take_report(self, store: str, index: int) -> None:
        """A report that +CDSI announced: read it and free its place."""
        if self._select(store) is None:
            return
        for stored in self._read(index):
            self._sort(stored)
        self._at.command(f"AT+CMGD={index}", "", _READ_S)

    def fullness(self, asker: Asker) -> Store | None:
        """The store that new messages go to (mem3 of AT+CPMS?)."""
        values = fields(asker.first("AT+CPMS?", "+CPMS:"))
        return _store(values[6:9]) or _store(values[0:3])

    def _stores(self) -> tuple[str, ...]:
        if not self._names:
            said = Asker(self._at).first("AT+CPMS=?", "+CPMS:")
            first = said.partition(")")[0]
            self._names = tuple(name for name in _STORES if f'"{name}"' in first) or ("SM",)
        return self._names

    def _select(self, name: str) -> Store | None:
        """Some modems want all three memories named, some refuse the third."""
        for names in (f'"{name}"', f'"{name}","{name}","{name}"'):
            try:
                lines = self._at.command(f"AT+CPMS={names}", "+CPMS:", _READ_S)
            except Refused:
                continue
            values = [number(value) for value in fields(lines[0], "+CPMS:")] if lines else []
            used, total = [*values, None, None][:2]
            return Store(name, 1 if used is None else used, 255 if total is None else total)
        return None

    def _messages(self, store: Store, until: float) -> list[InboxMessage]:
        parts: list[tuple[int, Deliver]] = []
        unreadable: list[InboxMessage] = []
        for stored in self._list(store, until):
            try:
                found = self._sort(stored)
            except PduError:
                unreadable.append(_unreadable(store, stored))
                continue
            if found is not None:
                parts.append((stored.index, found))
        return [_shown(store, message) for message in assemble(parts)] + unreadable

    def _sort(self, stored: Stored) -> Deliver | None:
        found = incoming.decode(stored.pdu)
        if isinstance(found, StatusReport):
            self.reports.append(found)
            return None
        return found

    def _list(self, store: Store, until: float) -> list[Stored]:
        if not self._by_index:
            try:
                return list(_stored(self._at.command("AT+CMGL=4", "+CMGL:", self._list_s), "+CMGL:"))
            except Refused:
                self._by_index = True
            except Silence:
                # Some makers' firmware hangs on CMGL; it answers again after this, and is never asked so again.
                self._by_index = True
                self._at.resync()
        return list(self._walk(store, until))

    def _walk(self, store: Store, until: float) -> Iterator[Stored]:
        left = store.used
        for index in range(store.total + 1):  # some makers count from 0, the others refuse it
            if left <= 0 or time.monotonic() > until:
                return
            for stored in self._read(index):
                left -= 1
                yield stored

    def _read(self, index: int) -> list[Stored]:
        try:
            lines = self._at.command(f"AT+CMGR={index}", "+CMGR:", _READ_S)
        except Refused:
            return []
        return [Stored(index, stored.pdu) for stored in _stored(lines, "+CMGR:")]


def _stored(lines: list[str], prefix: str) -> Iterator[Stored]:
    """`+CMGL: <index>,<stat>,[<alpha>],<length>` or `+CMGR: <stat>,…`, each followed by its PDU."""
    head: list[str] = []
    for line in lines:
        if line.startswith(prefix):
            head = [*fields(line, prefix), ""]
        elif head and is_hex(line):
            index, stat = (number(head[0]) or 0, head[1]) if prefix == "+CMGL:" else (0, head[0])
            if stat in _RECEIVED:
                yield Stored(index, line)
            head = []


def _shown(store: Store, message: Message[int]) -> InboxMessage:
    sender = message.tp_oa
    return InboxMessage(
        key=f"{store.name}:{','.join(map(str, message.keys))}",
        sender=f"+{sender.value}" if sender.international else sender.value,
        received_at=message.scts.isoformat() if message.scts else "",
        text=message.text,
        complete=not message.missing,
    )


def _unreadable(store: Store, stored: Stored) -> InboxMessage:
    return InboxMessage(key=f"{store.name}:{stored.index}", sender="", received_at="", text="", complete=False)


def _store(values: list[str]) -> Store | None:
    if len(values) < 3 or (used := number(values[1])) is None or (total := number(values[2])) is None:
        return None
    return Store(values[0], used, total)
