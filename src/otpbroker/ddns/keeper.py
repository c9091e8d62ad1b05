"""Keeps the records up: one thread looks at the public address and tells the vendors where it has changed.

It wakes when addresses of this machine change (rtnetlink), when a record's interval or pause is over, and when somebody
asks. Everything that is remembered is changed under one lock; nothing is asked under it.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from otpbroker.config.sections.ddns import DdnsRecord, DdnsSection, PublicAddressSection, VendorSection
from otpbroker.ddns import driving, record
from otpbroker.ddns.driving import Ask
from otpbroker.ddns.entry import Entry, forbids, resting, settled_for
from otpbroker.ddns.exchange import Verdict
from otpbroker.ddns.memory import Memory
from otpbroker.ddns.names import host_name
from otpbroker.ddns.public import Kind, Look
from otpbroker.ddns.record import Standing
from otpbroker.ddns.vendors import VENDORS, lacks
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.clock import wall_s
from otpbroker.system.doorbell import Doorbell
from otpbroker.verbs.ddns import DdnsState, Updated

_LOG: Final = logging.getLogger(__name__)
SETTLE_S: Final = 2.0  # addresses change in company: one goes, another comes
_SHARED_S: Final = 20.0  # records that are due together share one look
_LOOK_AGAIN_S: Final = 60.0

Reply = Callable[[Updated], None]


class Changes(Protocol):
    """Word of changes of this machine's addresses (`otpbroker.system.addresses`)."""

    def fileno(self) -> int: ...
    def take(self) -> bool: ...
    def close(self) -> None: ...


class Keeper:
    def __init__(self, memory: Memory, ask: Ask, look: Look, changes: Changes, settle_s: float = SETTLE_S) -> None:
        self._memory = memory
        self._ask = ask
        self._look = look
        self._changes = changes
        self._settle_s = settle_s
        self._lock = threading.Lock()
        self._bell = Doorbell()
        self._entries: dict[str, Entry] = {}
        self._idle: dict[str, DdnsRecord] = {}
        self._public = PublicAddressSection()
        self._seen: dict[Kind, tuple[float, str]] = {}
        self._wishes: deque[tuple[str, Reply]] = deque()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="ddns")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends when the question in hand is answered."""
        self._stopping = True
        self._bell.ring()
        self._thread.join()
        self._changes.close()
        self._bell.close()

    def configure(self, ddns: DdnsSection, accounts: Mapping[str, VendorSection], public: PublicAddressSection) -> None:
        """A record that stays as it was is left alone; one that has changed is looked at now."""
        with self._lock:
            self._seen.clear()
            known, prints = self._memory.kept.records, {}
            entries, standings = {}, {}
            for each in ddns.ddns:
                account = accounts[each.provider]
                if each.provider not in prints:
                    prints[each.provider] = self._memory.fingerprint(account)
                standing = settled_for(each, known.get(each.name), prints[each.provider])
                standings[each.name] = standing
                if each.active:
                    entries[each.name] = self._entry(each, account, standing, anew=public != self._public)
            self._entries, self._public = entries, public
            self._idle = {each.name: each for each in ddns.ddns if not each.active}
            if standings != known:
                self._memory.kept.records = standings
                self._memory.save()
        self._bell.ring()

    def _entry(self, wanted: DdnsRecord, account: VendorSection, standing: Standing, *, anew: bool) -> Entry:
        now_s = time.monotonic()
        old = self._entries.get(wanted.name)
        if old is not None and (old.record, old.account, old.standing) == (wanted, account, standing):
            if anew:
                old.due_s = now_s
            return old
        not_before_s = now_s + record.left_s(standing, wall_s())
        return Entry(
            record=wanted,
            account=account,
            standing=standing,
            lacks=lacks(account),
            due_s=now_s,
            not_before_s=not_before_s,
        )

    def update_now(self, name: str, reply: Reply) -> None:
        """`reply` gets what came of it. Raises 1105 where there is no such record."""
        with self._lock:
            known = [*self._entries, *self._idle]
            if name not in known:
                listed = ", ".join(known) or "-"
                raise BrokerError(ResponseCode.INVALID_REQUEST, "settings.no_entry_ddns", entry=name, known=listed)
            self._wishes.append((name, reply))
        self._bell.ring()

    def state(self) -> DdnsState:
        with self._lock:
            now_s = time.monotonic()
            told = [entry.state(now_s) for entry in self._entries.values()]
            alarms = [alarm for entry in self._entries.values() if (alarm := entry.alarm())]
            return DdnsState(records=told + [resting(each) for each in self._idle.values()], alarms=alarms)

    def _run(self) -> None:
        while not self._stopping:
            self._fulfil()
            entry, wait_s = self._due(time.monotonic())
            if entry is not None:
                self._attend(entry)
            elif self._bell.wait(wait_s, self._changes.fileno()) and self._changes.take():
                self._look_anew()

    def _due(self, now_s: float) -> tuple[Entry | None, float | None]:
        """The record to attend to now, or how long there is none (None: until something happens)."""
        with self._lock:
            first = min(self._entries.values(), key=lambda entry: entry.next_s, default=None)
            if first is None or first.next_s == float("inf"):
                return None, None
            return (first, None) if first.next_s <= now_s else (None, first.next_s - now_s)

    def _look_anew(self) -> None:
        """The machine has other addresses now, so it may have another one outside."""
        with self._lock:
            self._seen.clear()
            for entry in self._entries.values():
                entry.due_s = time.monotonic() + self._settle_s

    def _attend(self, entry: Entry) -> None:
        address = self._address(entry)
        if address and record.is_due(entry.standing, address):
            self._settle(entry, self._told(entry, address), address)

    def _address(self, entry: Entry) -> str:
        """The public one, empty where it is not to be found; the record's next look is set by it."""
        kind = entry.record.type
        try:
            address, trouble = self._seen_lately(kind) or self._look(self._public, kind), None
        except BrokerError as error:
            address, trouble = "", error
        with self._lock:
            now_s = time.monotonic()
            if address:
                self._seen.setdefault(kind, (now_s, address))
                entry.public = address
            entry.trouble = trouble
            entry.due_s = now_s + (entry.record.interval if address else min(entry.record.interval, _LOOK_AGAIN_S))
        return address

    def _seen_lately(self, kind: Kind) -> str:
        with self._lock:
            at_s, address = self._seen.get(kind, (0.0, ""))
            if address and time.monotonic() - at_s < _SHARED_S:
                return address
            self._seen.pop(kind, None)
            return ""

    def _told(self, entry: Entry, address: str) -> Verdict:
        vendor = VENDORS[entry.record.provider]
        verdict = driving.verdict(vendor.update(entry.record, entry.account, address), self._ask)
        _LOG.info("%s to %s: %s %s", host_name(entry.record), address, verdict.kind, verdict.key)
        return verdict

    def _settle(self, entry: Entry, verdict: Verdict, address: str) -> None:
        """What is said of an account is said to all its records. What changed meanwhile is asked anew."""
        with self._lock:
            if self._entries.get(entry.record.name) is not entry:
                return
            for each in self._entries.values():
                if each is entry or (verdict.account and each.record.provider == entry.record.provider):
                    self._keep(each, verdict, address)
            self._memory.save()

    def _keep(self, entry: Entry, verdict: Verdict, address: str) -> None:
        entry.standing = record.after(entry.standing, verdict, address, wall_s())
        entry.not_before_s = time.monotonic() + entry.standing.pause_s
        if verdict.kind != "done":
            entry.due_s = entry.not_before_s
        self._memory.kept.records[entry.record.name] = entry.standing

    def _fulfil(self) -> None:
        """Those who asked for an update now get their answers."""
        while self._wishes:
            name, reply = self._wishes.popleft()
            reply(self._wished(name))

    def _wished(self, name: str) -> Updated:
        with self._lock:
            entry = self._entries.get(name)
        if entry is None:
            return Updated(done=False, key="ddns.inactive")
        if refusal := forbids(entry):
            return refusal
        self._seen.clear()
        address = self._address(entry)
        if not address:
            assert entry.trouble is not None  # noqa: S101 - that is why there is none
            return Updated(done=False, key=entry.trouble.key, params=entry.trouble.params)
        verdict = self._told(entry, address)
        self._settle(entry, verdict, address)
        return Updated(done=verdict.kind == "done", key=verdict.key, params=verdict.params)
