"""How `otpb` and the panel reach the settings: through otpb-apply, or by themselves where it does not run."""

from otpbroker.apply.manager import SupervisorManager
from otpbroker.apply.transaction import Settings
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.system.files import Paths

DEADLINE_S = 60.0


class ApplyClient:
    """Typed calls to otpb-apply."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._client = Client(paths.socket("apply"))

    def call(self, verb: Verb[Result]) -> Result:
        """The answer of otpb-apply. Raises its `BrokerError`, or one that says that it does not run."""
        try:
            return self._client.call(verb, DEADLINE_S)
        except PeerUnavailableError:
            raise BrokerError(ResponseCode.FAILED, "apply.unavailable") from None
        except AnswerLostError:
            raise BrokerError(ResponseCode.FAILED, "apply.lost") from None

    def call_or_do(self, verb: Verb[Result]) -> Result:
        """As `call`; where otpb-apply does not run, the change is made here, under the same lock and rules."""
        try:
            return self._client.call(verb, DEADLINE_S)
        except PeerUnavailableError:
            settings = Settings(self._paths, SupervisorManager(self._paths.socket("supervisor")))
            return settings.call(verb)
        except AnswerLostError:
            raise BrokerError(ResponseCode.FAILED, "apply.lost") from None
