"""How `otpb` and the panel reach the supervisor of `scripts/run`."""

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.system.files import Paths

DEADLINE_S = 2.0


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
