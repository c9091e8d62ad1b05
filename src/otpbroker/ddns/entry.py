"""A record that is kept up, as the keeper holds it; what it says of itself. Times ending in `_s` are monotonic."""

import math
import time
from typing import Final

from msgspec import Struct

from otpbroker.config.sections.ddns import DdnsRecord, VendorSection
from otpbroker.ddns import record
from otpbroker.ddns.names import host_name
from otpbroker.ddns.record import Standing
from otpbroker.errors import BrokerError
from otpbroker.system.clock import wall_s
from otpbroker.verbs.ddns import RecordState, RecordWord, Updated
from otpbroker.verbs.dispatch import Alarm

FORCED_APART_S: Final = 60.0
ALARM_FAILURES: Final = 4  # in a row: a quarter of an hour


class Entry(Struct, eq=False, kw_only=True):
    """`lacks` says why its account cannot be used. `due_s`: the next look; nobody is asked before `not_before_s`.
    `trouble`: why the public address is not known.
    """

    record: DdnsRecord
    account: VendorSection
    standing: Standing
    lacks: str
    due_s: float
    not_before_s: float
    public: str = ""
    trouble: BrokerError | None = None

    @property
    def next_s(self) -> float:
        """When something is to be done; infinite where nothing is before something changes."""
        return math.inf if self.lacks or self.standing.stopped else max(self.due_s, self.not_before_s)

    def state(self, now_s: float) -> RecordState:
        standing, key, params = self.standing, self.standing.key, self.standing.params
        if self.lacks:
            key, params = self.lacks, {"provider": self.record.provider}
        elif self.trouble is not None and not standing.stopped:
            key, params = self.trouble.key, self.trouble.params
        return RecordState(
            name=self.record.name,
            provider=self.record.provider,
            host=host_name(self.record),
            type=self.record.type,
            state=self._word(),
            public=self.public,
            address=standing.address,
            updated=standing.updated or None,
            key=key,
            params=params,
            answered=standing.answered or None,
            next_s=None if math.isinf(self.next_s) else max(0.0, self.next_s - now_s),
        )

    def _word(self) -> RecordWord:
        if self.lacks:
            return "no_account"
        if self.standing.stopped:
            return "stopped"
        if self.standing.failures:
            return "failing"
        if self.trouble is not None:
            return "no_address"
        return "current" if self.standing.address else "waiting"

    def alarm(self) -> Alarm | None:
        if self.standing.stopped:
            return Alarm(key="alarm.ddns_stopped", params={"name": self.record.name})
        if self.lacks:
            return Alarm(key="alarm.ddns_account", params={"name": self.record.name})
        if self.standing.failures >= ALARM_FAILURES:
            return Alarm(key="alarm.ddns_failing", params={"name": self.record.name})
        return None


def settled_for(wanted: DdnsRecord, standing: Standing | None, account: str) -> Standing:
    """How a record stands by its settings and the fingerprint of its `account`. An inactive one has settings of its own
    kind: activating it again is a change.
    """
    parts = (wanted.provider, host_name(wanted), wanted.type, wanted.ttl, wanted.proxied, account)
    target = " ".join(map(str, parts))
    rest = f"{wanted.active} {wanted.interval} {wanted.force_create_zone} {wanted.zone}"
    return record.settled(standing or Standing(), target, f"{target} {rest}")


def forbids(entry: Entry) -> Updated | None:
    """What the vendor has said counts for impatient people too."""
    standing, now_s = entry.standing, time.monotonic()
    if entry.lacks:
        return Updated(done=False, key=entry.lacks, params={"provider": entry.record.provider})
    if standing.stopped:
        return Updated(done=False, key="ddns.stays_stopped")
    if standing.vendors and entry.not_before_s > now_s:
        return Updated(done=False, key="ddns.must_wait", params={"seconds": round(entry.not_before_s - now_s) + 1})
    left_s = standing.answered + FORCED_APART_S - wall_s()
    if not standing.failures and standing.answered and 0 < left_s <= FORCED_APART_S:
        return Updated(done=False, key="ddns.just_now", params={"seconds": round(left_s) + 1})
    return None


def resting(wanted: DdnsRecord) -> RecordState:
    return RecordState(
        name=wanted.name, provider=wanted.provider, host=host_name(wanted), type=wanted.type, state="inactive"
    )
