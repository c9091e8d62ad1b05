"""What otpb-ddns can be asked: how its records stand, and to update one now."""

from typing import Literal

from msgspec import Struct

from otpbroker.ipc.wire import Verb
from otpbroker.verbs.dispatch import Alarm, Param

RecordWord = Literal["current", "waiting", "failing", "stopped", "no_address", "no_account", "inactive"]


class RecordState(Struct, frozen=True, kw_only=True):
    """`public` is this device's address as it was seen last, `address` what the vendor was told last, at `updated`.
    `key`/`params` are the vendor's last answer, at `answered`, or why nobody was asked. `next_s`: the next look is in
    so many seconds, None: none before something changes. Moments are Unix seconds.
    """

    name: str
    provider: str
    host: str
    type: str
    state: RecordWord
    public: str = ""
    address: str = ""
    updated: float | None = None
    key: str = ""
    params: dict[str, Param] = {}
    answered: float | None = None
    next_s: float | None = None


class DdnsState(Struct, frozen=True, kw_only=True):
    records: list[RecordState]
    alarms: list[Alarm]


class DdnsStatus(Verb[DdnsState], frozen=True, kw_only=True, tag="ddns-status"):
    pass


class Updated(Struct, frozen=True, kw_only=True):
    """What came of it, as a text key with parameters."""

    done: bool
    key: str
    params: dict[str, Param] = {}


class UpdateNow(Verb[Updated], frozen=True, kw_only=True, tag="ddns-update"):
    """Tell the vendor the present address, also where it knows it already. Refused with 1105 for a record that there is
    not; what the vendor has forbidden stays so.
    """

    name: str


DdnsVerb = DdnsStatus | UpdateNow
