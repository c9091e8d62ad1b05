"""How `otpb` and the panel reach the settings: through otpb-apply, or by themselves where it does not run."""

import threading
import time
from typing import Any, Final

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLateError, AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.system.files import Paths
from otpbroker.verbs.acme import OrderCertificate
from otpbroker.verbs.apply import GetSection, ListSections, SectionSchema
from otpbroker.verbs.audit import Record
from otpbroker.verbs.backup import ImportOlder

DEADLINE_S: Final = 60.0
ORDER_S: Final = 1000.0
HASH_S: Final = 0.5  # at most, on a busy device
_SOON_S: Final = 3.0  # what only reads a file, or adds a line to one
_SOON: Final = (GetSection, ListSections, SectionSchema, Record)
_RETRY_S: Final = 0.1


class ApplyClient:
    """Typed calls to otpb-apply. `restart_s`: how long a call waits for one that is between two lives; those that come
    while it has been away for longer are refused at once.
    """

    def __init__(self, paths: Paths, restart_s: float = 0.0) -> None:
        self._paths = paths
        self._client = Client(paths.socket("apply"), idle_s=0)  # it ends when nobody is connected any more
        self._restart_s = restart_s
        self._away_since: float | None = None
        self._pause = threading.Event()

    def call(self, verb: Verb[Result]) -> Result:
        """The answer of otpb-apply. Raises its `BrokerError`, or one that says that it does not run. What changes
        settings is never asked twice.
        """
        while True:
            try:
                answer = self._asked(verb)
            except PeerUnavailableError:
                if not self._may_come_back():
                    raise BrokerError(ResponseCode.FAILED, "apply.unavailable", retry_after_s=3) from None
                self._pause.wait(_RETRY_S)
            else:
                self._away_since = None
                return answer

    def _asked(self, verb: Verb[Result]) -> Result:
        try:
            return self._client.call(verb, deadline_s(verb))
        except AnswerLateError:
            key = "apply.unavailable" if isinstance(verb, _SOON) else "apply.lost"
            raise BrokerError(ResponseCode.FAILED, key, retry_after_s=3) from None
        except AnswerLostError:
            if isinstance(verb, _SOON):
                raise PeerUnavailableError from None
            raise BrokerError(ResponseCode.FAILED, "apply.lost") from None

    def _may_come_back(self) -> bool:
        """Nothing tells when the next one listens, so it is asked again shortly."""
        since = self._away_since
        if since is None:
            since = self._away_since = time.monotonic()
        return time.monotonic() - since < self._restart_s

    def call_or_do(self, verb: Verb[Result]) -> Result:
        """As `call`; where otpb-apply does not run, the change is made here, under the same lock and rules."""
        try:
            return self._client.call(verb, deadline_s(verb))
        except PeerUnavailableError:
            from otpbroker.apply.manager import SupervisorManager  # noqa: PLC0415 - takes megabytes, and is rare
            from otpbroker.apply.transaction import Settings  # noqa: PLC0415 - as above

            settings = Settings(self._paths, SupervisorManager(self._paths.socket("supervisor")))
            return settings.call(verb)
        except AnswerLostError:
            raise BrokerError(ResponseCode.FAILED, "apply.lost") from None

    def close(self) -> None:
        self._client.close()


def deadline_s(verb: Verb[Any]) -> float:
    """How long `verb` may take: each password in the files of an older product is hashed anew."""
    if isinstance(verb, _SOON):
        return _SOON_S
    if isinstance(verb, OrderCertificate) and verb.wait:
        return ORDER_S
    if isinstance(verb, ImportOlder):
        return DEADLINE_S + HASH_S * sum(file.reveal().count('"password"') for file in verb.files)
    return DEADLINE_S
