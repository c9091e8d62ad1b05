"""What is known of one modem: a status for dispatch, alarms for people, one line per change for the log."""

import logging

from msgspec import structs

from otpbroker.modem.contract import Events
from otpbroker.modem.session import Session
from otpbroker.modem.status import ModemState, ModemStatus

_log = logging.getLogger(__name__)
_ANSWERING = frozenset({ModemState.PIN_REQUIRED, ModemState.PIN_REFUSED, ModemState.PUK_REQUIRED, ModemState.NO_SIM})


class Bulletin:
    """Written by the owner's thread only; `status` may be read by any."""

    def __init__(self, modem_id: str, port: str, events: Events) -> None:
        self.modem_id = modem_id
        self.port = port
        self.status = ModemStatus(port=port)
        self._events = events
        self._alarms: set[str] = set()
        self._said = ""

    @property
    def alarmed(self) -> bool:
        return bool(self._alarms)

    def up(self, session: Session, *, lent: bool = False) -> None:
        """It answers and its SIM works; whether it can send is the session's state, unless its port is to be `lent`."""
        internet = lent and session.state is ModemState.READY
        self._set(
            ModemStatus(
                state=ModemState.INTERNET if internet else session.state,
                reason="modem.internet_only" if internet else session.reason,
                port=self.port,
                connected=True,
                registered=session.state is ModemState.READY,
                operator=session.brought.operator,
                signal_dbm=session.brought.signal_dbm,
                identity=session.brought.identity,
            )
        )

    def down(self, state: ModemState, key: str, params: dict[str, str | int] | None = None) -> None:
        """A state in which nothing can be sent, and why; the identity last known stays visible."""
        self._set(
            structs.replace(
                self.status,
                state=state,
                reason=key,
                params=params or {},
                port=self.port,
                connected=state in _ANSWERING,
                registered=False,
                operator="",
                signal_dbm=None,
            )
        )

    def lent(self) -> None:
        """Its port is in other hands; what was known of it when it went there stays."""
        self._set(
            structs.replace(
                self.status,
                state=ModemState.INTERNET,
                reason="modem.internet_only",
                params={},
                port=self.port,
                connected=True,
            )
        )

    def alarm(self, key: str, params: dict[str, str | int] | None = None) -> None:
        """Tell that a hand is needed, once, until `end_alarms`."""
        if key not in self._alarms:
            self._alarms.add(key)
            self._events.alarm(self.modem_id, key, params or {})

    def end_alarms(self) -> None:
        for key in self._alarms:
            self._events.alarm(self.modem_id, f"{key}.over", {})
        self._alarms.clear()

    def _set(self, status: ModemStatus) -> None:
        if status == self.status:
            return
        self.status = status
        self._events.status_changed(self.modem_id, status)
        said = f"{status.state.value} {status.reason}".rstrip()
        if status.state is not ModemState.STARTING and said != self._said:
            # Once per change: a port that comes and goes, or is gone for days, never floods the log.
            self._said = said
            _log.info("modem %s on %s: %s", self.modem_id, status.port or "no port", said)
