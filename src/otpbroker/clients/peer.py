"""What every client of one of our services does: typed calls, and patience while the service is between two lives."""

import secrets
import threading
import time
from pathlib import Path

import msgspec

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.client import AnswerLateError, AnswerLostError, Client, PeerUnavailableError
from otpbroker.ipc.wire import Result, Verb
from otpbroker.verbs.dispatch import Lasting, Once

RESTART_WINDOW_S = 5.0
_RETRY_S = 0.1
_ANSWER_GRACE_S = 40.0
_LEAST_S = 1.0


class PeerClient:
    """Typed calls, safe from any thread. Raises `BrokerError` for refusals and where the service stays away."""

    def __init__(self, socket_path: Path, service: str) -> None:
        """`service` begins the text keys that say what happened to it."""
        self._client = Client(socket_path)
        self._service = service
        self._pause = threading.Event()

    def call(self, verb: Verb[Result], timeout_s: float | None = 10) -> Result:
        """The answer to a verb that is not `Lasting`, within `timeout_s`. Where the service went away with the call, it
        is asked once more, but for a verb to be done `Once`.
        """
        began = time.monotonic()
        try:
            try:
                return self._client.call(verb, timeout_s)
            except AnswerLateError:
                raise
            except AnswerLostError:
                if isinstance(verb, Once):
                    raise
                left_s = None if timeout_s is None else max(_LEAST_S, timeout_s - (time.monotonic() - began))
                return self._client.call(verb, left_s)
        except AnswerLostError:
            raise (self._in_doubt() if isinstance(verb, Once) else self._unavailable()) from None
        except PeerUnavailableError:
            raise self._unavailable() from None

    def send(self, verb: Lasting[Result], deadline_s: float) -> Result:
        """Have it done once, whatever happens to the service meanwhile.

        When it dies with the message in hand, its next life gets it again under the same `message_id`, marked
        `redelivered`: what it does not know has never left and is sent now, what it knows is answered as it stands.
        """
        end = time.monotonic() + deadline_s
        verb = msgspec.structs.replace(verb, message_id=verb.message_id or secrets.token_hex(12), deadline_s=deadline_s)
        give_up = time.monotonic() + RESTART_WINDOW_S
        while True:
            try:
                return self._client.call(verb, deadline_s + _ANSWER_GRACE_S)
            except PeerUnavailableError:
                self._wait_until(give_up, self._lost() if verb.redelivered else self._unavailable())
            except AnswerLostError:
                if time.monotonic() > end + RESTART_WINDOW_S:
                    raise self._lost() from None
                left_s = max(_LEAST_S, end - time.monotonic())
                verb = msgspec.structs.replace(verb, redelivered=True, deadline_s=left_s)
                give_up = time.monotonic() + RESTART_WINDOW_S

    def _wait_until(self, give_up: float, error: BrokerError) -> None:
        """The service is between two lives: nothing tells when the next one listens, so ask again shortly."""
        if time.monotonic() >= give_up:
            raise error from None
        self._pause.wait(_RETRY_S)

    def _unavailable(self) -> BrokerError:
        return BrokerError(ResponseCode.FAILED, f"{self._service}.unavailable", retry_after_s=3)

    def _lost(self) -> BrokerError:
        return BrokerError(ResponseCode.OUTCOME_UNKNOWN, f"{self._service}.lost")

    def _in_doubt(self) -> BrokerError:
        return BrokerError(ResponseCode.OUTCOME_UNKNOWN, f"{self._service}.in_doubt")

    def close(self) -> None:
        self._client.close()
