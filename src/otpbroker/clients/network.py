"""How `otpb` and the panel reach otpb-network."""

from typing import Final, cast

import msgspec

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLateError, AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.readable import readable
from otpbroker.system.files import Paths
from otpbroker.verbs.network import NetworkAlarms, NetworkAlarmsTold

DEADLINE_S: Final = 15.0  # it may have to start first
PAGE_S: Final = 5.0  # a page waits no longer


class NetworkClient:
    """Typed calls. It keeps no connection, so that the service can end; and what needs a hand it reads from where the
    service has left it, so that asking every few seconds does not keep it running.
    """

    def __init__(self, paths: Paths, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._told = paths.alarms("network")
        self._client = Client(paths.socket("network"), idle_s=0)

    def call(self, verb: Verb[Result]) -> Result:
        """Raises its `BrokerError`, or one that says that it does not run."""
        if isinstance(verb, NetworkAlarms):
            return cast(Result, self._left())
        try:
            return self._client.call(verb, self._deadline_s)
        except (AnswerLateError, AnswerLostError, PeerUnavailableError):
            raise BrokerError(ResponseCode.FAILED, "network.unavailable") from None

    def _left(self) -> NetworkAlarmsTold:
        try:
            return msgspec.json.decode(self._told.read_bytes(), type=readable(NetworkAlarmsTold))
        except (OSError, msgspec.DecodeError):
            return NetworkAlarmsTold(alarms=[])

    def close(self) -> None:
        self._client.close()
