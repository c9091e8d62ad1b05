"""How `otpb` and the panel learn how the services fare: from the supervisor of `scripts/run`, or from systemd."""

from pathlib import Path
from typing import Final, cast

from otpbroker.apply import units
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.system import command
from otpbroker.system.files import Paths
from otpbroker.verbs.supervisor import Services, ServiceStates

DEADLINE_S: Final = 2.0


class SupervisorClient:
    def __init__(self, paths: Paths) -> None:
        self._client = Client(paths.socket("supervisor"))

    def call(self, verb: Verb[Result]) -> Result:
        """Raises its `BrokerError`, or one that says that it does not run."""
        try:
            return self._client.call(verb, DEADLINE_S)
        except (AnswerLostError, PeerUnavailableError):
            raise BrokerError(ResponseCode.FAILED, "supervisor.unavailable") from None

    def close(self) -> None:
        self._client.close()


class SystemdClient:
    """Answers `Services` by `systemctl`."""

    def call(self, verb: Verb[Result]) -> Result:
        """Raises `BrokerError` where systemd does not answer."""
        assert isinstance(verb, Services)  # noqa: S101 - reloads are otpb-apply's
        try:
            shown = command.run(units.states_argv(), timeout_s=DEADLINE_S).stdout
        except (OSError, TimeoutError):
            raise BrokerError(ResponseCode.FAILED, "supervisor.unavailable") from None
        return cast(Result, ServiceStates(services=units.states(shown)))

    def close(self) -> None:
        """Nothing is kept open."""


def found(paths: Paths) -> SupervisorClient | SystemdClient:
    """Whoever starts the services below this root prefix."""
    return SupervisorClient(paths) if paths.root != Path("/") else SystemdClient()
