"""Sends the codes of forgotten passwords, in threads of its own: how long it takes tells nobody whether there was
anything to send.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final

from otpbroker.doors.contract import Sender
from otpbroker.doors.otp import OtpCommands
from otpbroker.envelope.commands import RequestOtp, Timing
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel.peers import Peers
from otpbroker.panel.resets import CODE_LIFE_S
from otpbroker.secrets import MessageText
from otpbroker.system.synchrony import unix_time_if_synchronised
from otpbroker.texts import Language

_LOG: Final = logging.getLogger(__name__)
_UNDER_WAY: Final = (ResponseCode.SUCCESS, ResponseCode.OUTCOME_UNKNOWN)
_MOST: Final = 4
_DEADLINE_S: Final = 60.0


class Courier:
    def __init__(self, peers: Peers) -> None:
        self._otp = OtpCommands("panel", peers.dispatch, peers.mail, unix_time_if_synchronised)
        self._free = threading.Semaphore(_MOST)

    def send(self, command: RequestOtp, sender: Sender, then: Callable[[], None]) -> None:
        """Have a code sent; `then` is called where it is under way. What comes in between goes to the log."""
        if not self._free.acquire(blocking=False):
            _LOG.warning("a code for a forgotten password was not sent: too many at once")
            return
        threading.Thread(target=self._sent, args=(command, sender, then), name="courier", daemon=True).start()

    def _sent(self, command: RequestOtp, sender: Sender, then: Callable[[], None]) -> None:
        try:
            code = self._otp.request(command, sender, _DEADLINE_S).reply.response_code
        except BrokerError as error:
            _LOG.warning("a code for a forgotten password was not sent: %s", error)
        else:
            if code in _UNDER_WAY:
                then()
            else:
                _LOG.warning("a code for a forgotten password was not sent: %s", code.value)
        finally:
            self._free.release()


def command_of(reference: str, receiver: str, text: str, subject: str) -> RequestOtp:
    """`text` has one `%s`, where the code goes."""
    return RequestOtp(
        command="request-otp",
        reference=reference,
        receiver=receiver,
        text=MessageText(text),
        params=(),
        subject=subject,
        timing=Timing(date_time=0, expiration=CODE_LIFE_S),
    )


def sender_of(username: str, language: Language) -> Sender:
    """Nobody waits for the outcome of an SMS."""
    return Sender(user=username, language=language, respond_async=True)
