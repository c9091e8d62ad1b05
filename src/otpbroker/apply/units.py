"""Our services as systemd knows them, and what it says of their reloads. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

from otpbroker.config.registry import FEEDERS
from otpbroker.verbs.apply import ServiceWord
from otpbroker.verbs.supervisor import ServiceState

SERVICES: Final = ("apply", "network", "dispatch", "mail", "notifier", "dial", "ddns", "acme", "api", "admin", *FEEDERS)
_STATES: Final = {"active": "ready", "activating": "waiting", "deactivating": "stopping", "failed": "waiting"}
_PROPERTIES: Final = "Id,ActiveState,StatusErrno,StatusText"


def unit_of(service: str) -> str:
    """`feeder-amqp` is an instance of the feeders' template."""
    kind, dash, instance = service.partition("-")
    return f"otpb-{kind}@{instance}.service" if dash else f"otpb-{kind}.service"


def service_of(unit: str) -> str:
    """The reverse of `unit_of`."""
    return unit.removeprefix("otpb-").removesuffix(".service").replace("@", "-")


def show_argv(units: Iterable[str]) -> list[str]:
    return ["systemctl", "show", "--property", _PROPERTIES, *units]


def states_argv() -> list[str]:
    """Asks for all of ours at once."""
    properties = "Id,ActiveState,SubState,MainPID,NRestarts,StatusText"
    return ["systemctl", "show", "--property", properties, *map(unit_of, SERVICES)]


def states(shown: str) -> list[ServiceState]:
    """What `systemctl show` tells of our services, but for those that nobody needs now."""
    found = _by_unit(shown)
    told = ((service, found.get(unit_of(service), {})) for service in SERVICES)
    return [
        ServiceState(
            service=service,
            state=_STATES.get(facts["ActiveState"], facts["ActiveState"]),
            pid=int(facts.get("MainPID", 0)) or None,
            restarts=int(facts.get("NRestarts", 0)),
            status=facts.get("StatusText", ""),
        )
        for service, facts in told
        if facts.get("ActiveState", "inactive") != "inactive"
    ]


def words(by_unit: Mapping[str, str], shown: str) -> list[ServiceWord]:
    """What `systemctl show` tells of each service. One that refused its settings said so with an error number
    (sd_notify `ERRNO`), which stays until it takes some.
    """
    found = _by_unit(shown)
    return [_word(service, found.get(unit, {})) for unit, service in by_unit.items()]


def _by_unit(shown: str) -> dict[str, dict[str, str]]:
    return {facts.get("Id", ""): facts for facts in map(_facts, shown.strip().split("\n\n"))}


def _facts(block: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in block.splitlines() if "=" in line)


def _word(service: str, facts: Mapping[str, str]) -> ServiceWord:
    if facts.get("ActiveState") not in ("active", "reloading"):
        return ServiceWord(service=service, state="down")
    if facts.get("StatusErrno", "0") != "0":
        return ServiceWord(service=service, state="refused", text=facts.get("StatusText", ""))
    return ServiceWord(service=service, state="silent" if facts["ActiveState"] == "reloading" else "reloaded")
