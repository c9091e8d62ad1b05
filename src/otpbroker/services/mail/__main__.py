"""otpb-mail: sends e-mail by the accounts of the settings (SPEC §6)."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.ipc.server import Server
from otpbroker.mail.events import Events
from otpbroker.mail.journal import Journal
from otpbroker.mail.postman import Postman
from otpbroker.mail.recall import Recall
from otpbroker.mail.rota import Rota
from otpbroker.mail.sending import Sending
from otpbroker.mail.settings import Settings, load
from otpbroker.services.mail.handlers import Handlers
from otpbroker.services.mail.listening import Listening
from otpbroker.system import clock, options, service
from otpbroker.system.files import Paths, ensure_folder
from otpbroker.system.keys import Keys, device_key
from otpbroker.system.options import Options
from otpbroker.system.timers import Timers
from otpbroker.texts import translate
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.mail import MAX_FRAME_OCTETS, MailVerb

if TYPE_CHECKING:
    from otpbroker.mail.account import Account
    from otpbroker.mail.direct import Direct
    from otpbroker.mail.exchangers import Exchangers

_LOG: Final = logging.getLogger(__name__)
CLIENTS = "otpb-mail-clients"
SMTP_PORT: Final = 25
_DRAIN_S = 90.0


class Mail:
    """The running service. `exchangers` and `exchanger_port` are where mail without an account goes."""

    def __init__(self, paths: Paths, exchangers: Exchangers | None = None, exchanger_port: int = SMTP_PORT) -> None:
        self._exchangers = exchangers
        self._exchanger_port = exchanger_port
        state = paths.state / "mail"
        with contextlib.suppress(OSError):  # the journal says so
            ensure_folder(state / "days", mode=0o700)
        self._store = Store(paths)
        self._settings = load(self._store)
        self._timers = Timers()
        self._journal = Journal(state / "days", self._today)
        self._rota = Rota(self._journal, self._day_left_s)
        self._sending = Sending(self._rota, self._journal)
        keys = Keys(device_key(state / "device.key"))
        self._events = Events(self._timers)
        self._postman = Postman(self._sending, Recall(self._journal, keys), keys, self._events)
        self._listening = Listening(self._postman, paths.settings / "tls" / "api.pem")
        self._handlers = Handlers(self._postman, self._rota, self._sending, self._journal, self._events)
        self._handlers.relay = lambda: self._listening.address
        self._begin()
        self._server = Server(paths.socket("mail"), MailVerb, self._handlers, CLIENTS, MAX_FRAME_OCTETS)
        self._server.start()

    def _today(self) -> str:
        return clock.day_of(clock.wall_s(), self._settings.general.time_zone)

    def _day_left_s(self) -> float:
        return clock.day_left_s(clock.wall_s(), self._settings.general.time_zone)

    def _begin(self) -> None:
        """A relay that cannot listen keeps no account from sending: an alarm says so."""
        try:
            self._take(self._settings)
        except BrokerError as error:
            if not error.key.startswith("mail.relay"):
                raise
            _LOG.error("%s", translate(error.key, error.params))
            self._handlers.alarms.append(Alarm(key=error.key, params=error.params))
            self._take(self._settings._replace(smtp=replace(self._settings.smtp, relay_username="")))

    def _take(self, settings: Settings) -> None:
        """Bring settings into force. Raises `BrokerError` where they cannot be."""
        made = self._accounts(settings) if settings.email.email else {}
        smtp = settings.smtp
        self._listening.configure(smtp)
        self._settings = settings
        self._postman.subject = settings.general.device_name
        self._rota.configure(made)
        self._sending.direct = self._direct(smtp.server_name) if smtp.active else None

    def _accounts(self, settings: Settings) -> dict[str, Account]:
        from otpbroker.mail import directory  # noqa: PLC0415 - SMTP takes 2 MB, and not every device sends mail

        return directory.accounts(settings, self._rota.accounts, self._timers)

    def _direct(self, server_name: str) -> Direct:
        from otpbroker.mail.direct import Direct  # noqa: PLC0415 - the look-up of names takes 3 MB, and few need it
        from otpbroker.mail.exchangers import Exchangers  # noqa: PLC0415 - as above

        before = self._sending.direct
        fortune = before.fortune if before is not None else None
        return Direct(server_name, self._exchangers or Exchangers(), self._exchanger_port, fortune)

    def reload(self) -> None:
        with self._handlers.noting_errors():
            self._take(load(self._store))
            self._handlers.alarms.clear()

    def stop(self) -> None:
        self._server.stop_listening()
        self._listening.stop_listening()
        self._postman.drain(_DRAIN_S)
        self._listening.close()
        self._rota.configure({})
        self._timers.stop()
        self._events.tell()
        self._server.stop()
        self._journal.close()


def main() -> int:
    paths = options.read(Options).paths
    return service.run("mail", lambda: Mail(paths))


if __name__ == "__main__":
    sys.exit(main())
