"""Who makes services read their settings anew: systemd on the device, the supervisor of `scripts/run` elsewhere."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from otpbroker.apply import units
from otpbroker.errors import BrokerError
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.system import command
from otpbroker.verbs.apply import ServiceWord
from otpbroker.verbs.supervisor import Reload

RELOAD_DEADLINE_S = 15.0


class ServiceManager(Protocol):
    def reload(self, services: Sequence[str]) -> list[ServiceWord]:
        """Make `services` read their settings anew and wait for the word of each."""


class NobodyRuns:
    """Before any service has started: who starts reads the settings anyway."""

    def reload(self, services: Sequence[str]) -> list[ServiceWord]:
        return [ServiceWord(service=service, state="down") for service in services]


class SupervisorManager:
    """The supervisor behind a Unix socket. Where nobody supervises, no service runs that could hold old settings."""

    def __init__(self, socket_path: Path) -> None:
        self._socket_path = socket_path

    def reload(self, services: Sequence[str]) -> list[ServiceWord]:
        client = Client(self._socket_path)
        try:
            return client.call(Reload(services=list(services)), RELOAD_DEADLINE_S).services
        except PeerUnavailableError:
            return [ServiceWord(service=service, state="down") for service in services]
        except (AnswerLostError, BrokerError):
            return [ServiceWord(service=service, state="silent") for service in services]
        finally:
            client.close()


class SystemdManager:
    """systemd by `systemctl`, which waits until a service that says `notify-reload` has taken its settings."""

    def reload(self, services: Sequence[str]) -> list[ServiceWord]:
        if not services:
            return []
        by_unit = {units.unit_of(service): service for service in services}
        with contextlib.suppress(OSError, TimeoutError):
            command.run(["systemctl", "reload", *by_unit], timeout_s=RELOAD_DEADLINE_S)
        try:
            shown = command.run(units.show_argv(by_unit), timeout_s=RELOAD_DEADLINE_S).stdout
        except (OSError, TimeoutError):
            return [ServiceWord(service=service, state="silent") for service in services]
        return units.words(by_unit, shown)
