"""What the foreground supervisor can be asked: systemd's part in `scripts/run`."""

from msgspec import Struct

from otpbroker.ipc.wire import Verb
from otpbroker.verbs.apply import ServiceWord


class Reloaded(Struct, frozen=True, kw_only=True):
    services: list[ServiceWord]


class Reload(Verb[Reloaded], frozen=True, kw_only=True, tag="reload"):
    """Make these services read their settings anew, and answer when each has given its word."""

    services: list[str]


class ServiceState(Struct, frozen=True, kw_only=True):
    """`restarts` counts unexpected ends since the supervisor started."""

    service: str
    state: str
    pid: int | None
    restarts: int
    status: str = ""


class ServiceStates(Struct, frozen=True, kw_only=True):
    services: list[ServiceState]


class Services(Verb[ServiceStates], frozen=True, kw_only=True, tag="services"):
    pass


SupervisorVerb = Reload | Services
