"""How `otpb` and the panel reach otpb-ddns."""

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.system.files import Paths
from otpbroker.verbs.ddns import DdnsStatus

DEADLINE_S = 120.0  # a vendor's API takes several questions, each of them a quarter of a minute at most
_STATUS_S = 2.0


class DdnsClient:
    def __init__(self, paths: Paths) -> None:
        self._client = Client(paths.socket("ddns"))

    def call(self, verb: Verb[Result]) -> Result:
        """Raises its `BrokerError`, or one that says that it does not run."""
        try:
            return self._client.call(verb, _STATUS_S if isinstance(verb, DdnsStatus) else DEADLINE_S)
        except (AnswerLostError, PeerUnavailableError):
            raise BrokerError(ResponseCode.FAILED, "ddns.unavailable") from None

    def close(self) -> None:
        self._client.close()
