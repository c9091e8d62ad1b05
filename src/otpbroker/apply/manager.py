"""Who makes services read their settings anew: systemd on the device, the supervisor of `scripts/run` elsewhere."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from otpbroker.errors import BrokerError
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.verbs.apply import ServiceWord
from otpbroker.verbs.supervisor import Reload

RELOAD_DEADLINE_S = 15.0


class ServiceManager(Protocol):
    def reload(self, services: Sequence[str]) -> list[ServiceWord]:
        """Make `services` read their settings anew and wait for the word of each."""


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
