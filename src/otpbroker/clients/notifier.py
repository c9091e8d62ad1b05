"""How `otpb` and the panel reach otpb-notifier."""

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.system.files import Paths
from otpbroker.verbs.notifier import NotifierStatus

DEADLINE_S = 30.0
_STATUS_S = 2.0  # a page waits no longer for how things stand


class NotifierClient:
    def __init__(self, paths: Paths) -> None:
        self._client = Client(paths.socket("notifier"))

    def call(self, verb: Verb[Result]) -> Result:
        """Raises its `BrokerError`, or one that says that it does not run."""
        try:
            return self._client.call(verb, _STATUS_S if isinstance(verb, NotifierStatus) else DEADLINE_S)
        except (AnswerLostError, PeerUnavailableError):
            raise BrokerError(ResponseCode.FAILED, "notifier.unavailable") from None

    def close(self) -> None:
        self._client.close()
