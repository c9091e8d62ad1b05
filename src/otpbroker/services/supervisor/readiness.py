"""When the system is ready, and the lines that say so."""

import shlex
import sys
import time

from otpbroker.clients.dispatch import DispatchClient
from otpbroker.config.sections.api import ApiSection
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.dispatch import ModemFacts, ModemList

SETTLE_S = 15.0
_UNSETTLED = frozenset({"starting", "searching", "recovering"})
EXAMPLE_BODY = '{"command":"send-sms","data":{"id":1,"msisdn":"081234567890","message":"OTP Anda 123456"}}'


class Readiness:
    """Asked again and again once every service is up: prints the ready line when the modems have settled.

    `user` is for the example: without a password curl asks for it.
    """

    def __init__(self, paths: Paths, api: ApiSection, panel_port: int, user: tuple[str, Secret | None] | None) -> None:
        self._dispatch = DispatchClient(paths.socket("dispatch"))
        self._api = api
        self._panel = f"http://127.0.0.1:{panel_port}"
        self._user = user
        self._give_up: float | None = None

    def check(self) -> bool:
        self._give_up = self._give_up or time.monotonic() + SETTLE_S
        if time.monotonic() < self._give_up and not self._settled():
            return False
        self._dispatch.close()
        sys.stdout.write(self._lines())
        sys.stdout.flush()
        return True

    def _settled(self) -> bool:
        try:
            modems = self._dispatch.call(ModemList(), timeout_s=1).modems
        except BrokerError:
            return False
        return all(map(settled, modems))

    def _lines(self) -> str:
        if not self._api.http_enabled:
            return f"ready admin={self._panel} api=none\n"
        url = f"http://127.0.0.1:{self._api.http_port}"
        name, password = self._user or ("USERNAME", None)
        credentials = shlex.quote(f"{name}:{password.reveal()}" if password else name)
        return (
            f"ready admin={self._panel} api={url}\n"
            f"curl -u {credentials} -H 'Content-Type: application/json' -d {shlex.quote(EXAMPLE_BODY)} "
            f"{url}{self._api.message_path}\n"
        )


def settled(modem: ModemFacts) -> bool:
    """Usable, or failed with a reason; a port that is not there may still appear."""
    return modem.state not in _UNSETTLED and (modem.state != "absent" or bool(modem.reason))
