"""How the panel and `otpb` ask otpb-acme how it goes."""

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.system.files import Paths

_ANSWER_S = 3.0  # it may have to start first


class AcmeClient:
    def __init__(self, paths: Paths) -> None:
        self._client = Client(paths.socket("acme"), idle_s=0)

    def call(self, verb: Verb[Result]) -> Result:
        """Raises `BrokerError` where it does not run."""
        try:
            return self._client.call(verb, _ANSWER_S)
        except (AnswerLostError, PeerUnavailableError):
            raise BrokerError(ResponseCode.FAILED, "acme.unavailable") from None

    def close(self) -> None:
        self._client.close()
