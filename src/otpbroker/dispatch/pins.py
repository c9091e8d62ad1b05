"""Which SIM PINs were refused, so that none is ever tried twice, also by the next life of the process."""

from otpbroker.dispatch.ledger import Ledger
from otpbroker.secrets import Secret
from otpbroker.system.keys import Keys

_REMEMBER = "INSERT OR IGNORE INTO refused_pins (digest) VALUES (?)"
_FORGET = "DELETE FROM refused_pins WHERE digest = ?"


class LedgerPinMemory:
    """`otpbroker.modem.sim.PinMemory` in the state file: digests under the device's key, no PIN."""

    def __init__(self, ledger: Ledger, keys: Keys) -> None:
        self._ledger = ledger
        self._keys = keys

    def refused(self, modem_id: str, sim: str, pin: Secret) -> bool:
        return bool(
            self._ledger.read("SELECT 1 FROM refused_pins WHERE digest = ?", (self._digest(modem_id, sim, pin),))
        )

    def remember(self, modem_id: str, sim: str, pin: Secret) -> None:
        self._ledger.write_through(_REMEMBER, (self._digest(modem_id, sim, pin),))

    def forget(self, modem_id: str, sim: str, pin: Secret) -> None:
        self._ledger.write_through(_FORGET, (self._digest(modem_id, sim, pin),))

    def _digest(self, modem_id: str, sim: str, pin: Secret) -> bytes:
        return self._keys.sender(b"pin", modem_id, sim, pin.reveal())
