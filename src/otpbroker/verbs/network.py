"""What otpb-network, which looks at the machine's network, can be asked: nothing of it changes anything."""

from typing import Literal

from msgspec import Struct

from otpbroker.ipc.wire import Verb
from otpbroker.verbs.dispatch import Alarm

InterfaceSide = Literal["ap", "ethernet", "mobile", "other"]


class Interface(Struct, frozen=True, kw_only=True):
    """`link`: it is up and something answers at the other end. `addresses` come with the length of their prefix."""

    name: str
    side: InterfaceSide
    link: bool
    mac: str = ""
    addresses: list[str] = []
    gateways: list[str] = []


class Lease(Struct, frozen=True, kw_only=True):
    """An address that a client of the access point has, until `until` (Unix seconds, 0 for ever)."""

    address: str
    mac: str
    until: float
    host: str = ""


class OpenPort(Struct, frozen=True, kw_only=True, order=True):
    side: Literal["ap", "ethernet", "mobile"]
    protocol: Literal["tcp", "udp"]
    port: int


FilterWord = Literal["not_ours", "unreadable", "absent", "open", "loaded"]


class FilterState(Struct, frozen=True, kw_only=True):
    """The packet filter as the kernel has it. `absent`: there is none of ours; `open`: there is, and it does not drop
    what no rule lets in. `missing` the settings open and the kernel does not, `surplus` the other way round. `others`
    are filters of other programs that may hold back more.
    """

    state: FilterWord
    opened: list[OpenPort] = []
    missing: list[OpenPort] = []
    surplus: list[OpenPort] = []
    others: list[str] = []


class NetworkState(Struct, frozen=True, kw_only=True):
    """`taken_over`: the machine's network is ours, so that settings of the network take effect. `leases` is None where
    there is no list that can be read.
    """

    taken_over: bool
    interfaces: list[Interface]
    leases: list[Lease] | None
    filter: FilterState
    alarms: list[Alarm] = []


class LookAtNetwork(Verb[NetworkState], frozen=True, kw_only=True, tag="look"):
    pass


class NetworkAlarmsTold(Struct, frozen=True, kw_only=True):
    alarms: list[Alarm]


class NetworkAlarms(Verb[NetworkAlarmsTold], frozen=True, kw_only=True, tag="alarms"):
    """What needs a hand, as it was found when addresses changed last."""


NetworkVerb = LookAtNetwork | NetworkAlarms
