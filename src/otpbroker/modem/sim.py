"""The SIM and its PIN: asked for once, never again after a refusal (3GPP TS 27.007 §8.3, §8.65)."""

import re
import time
from typing import Protocol

from otpbroker.modem import facts
from otpbroker.modem.asking import Asker
from otpbroker.modem.at import Refused, Silence
from otpbroker.modem.contract import Blame, ModemError
from otpbroker.modem.drivers.quirks import Quirks
from otpbroker.modem.fields import fields, number
from otpbroker.modem.results import cause_key
from otpbroker.modem.status import ModemState
from otpbroker.secrets import Secret

PIN_SHAPE = re.compile(r"[0-9]{4,8}")
_LOCK_S = 1.5
_PIN_S = 15.0
_SETTLE_S = 10.0
_PAUSE_S = 0.5
_CME_BUSY = 14
_LEAST_TRIES, _ALL_TRIES = 2, 3
_ANY, _BEGUN = "*", "begun "
_CME_STATES = {
    10: (ModemState.NO_SIM, "modem.no_sim"),
    11: (ModemState.PIN_REQUIRED, "modem.pin_required"),
    12: (ModemState.PUK_REQUIRED, "modem.puk_required"),
    13: (ModemState.NO_SIM, "modem.cause.sim_failure"),
    15: (ModemState.NO_SIM, "modem.cause.sim_wrong"),
}


class NotReady(Exception):
    """The modem answers, but cannot work: the state it is in, and why."""

    def __init__(self, state: ModemState, key: str, **params: str | int) -> None:
        super().__init__(state, key, params)
        self.state = state
        self.key = key
        self.params = params


class PinMemory(Protocol):
    """Remembers that the PIN of a modem's settings was refused by a SIM, so that it is never tried again.

    `sim` is the ICCID, "" where a locked SIM does not tell it, or a mark of ours. Implementations that outlive the
    process keep a keyed digest of all three under a key of their own, never a PIN nor a plain hash of one.
    """

    def refused(self, modem_id: str, sim: str, pin: Secret) -> bool: ...

    def remember(self, modem_id: str, sim: str, pin: Secret) -> None: ...

    def forget(self, modem_id: str, sim: str, pin: Secret) -> None: ...


class SessionPinMemory:
    """A `PinMemory` as long as the process."""

    def __init__(self) -> None:
        self._refused: set[tuple[str, str, Secret]] = set()

    def refused(self, modem_id: str, sim: str, pin: Secret) -> bool:
        return (modem_id, sim, pin) in self._refused

    def remember(self, modem_id: str, sim: str, pin: Secret) -> None:
        self._refused.add((modem_id, sim, pin))

    def forget(self, modem_id: str, sim: str, pin: Secret) -> None:
        self._refused.discard((modem_id, sim, pin))


def unlock(asker: Asker, quirks: Quirks, modem_id: str, pin: Secret, memory: PinMemory) -> None:
    """Bring the SIM to READY with the PIN of the settings, or raise `NotReady`."""
    wanted = _lock(asker)
    if wanted == "SIM PIN":
        _enter(asker, quirks, modem_id, pin, memory)
        wanted = _lock(asker)
    if wanted == "READY":
        return
    if wanted.startswith("SIM PUK"):
        raise NotReady(ModemState.PUK_REQUIRED, "modem.puk_required")
    if wanted == "SIM PIN":
        raise NotReady(ModemState.PIN_REQUIRED, "modem.pin_required")
    raise NotReady(ModemState.PIN_REQUIRED, "modem.locked", lock=wanted[:32])


def _lock(asker: Asker) -> str:
    """What AT+CPIN? waits for. A modem that does not know the command, or says nothing, is taken for unlocked."""
    until = time.monotonic() + _SETTLE_S
    while True:
        try:
            lines = asker.at.command("AT+CPIN?", "+CPIN:", _LOCK_S + 4 * asker.at.rtt_s)
        except Silence:
            asker.at.resync()
            return "READY"
        except Refused as error:
            if error.refused.number == _CME_BUSY and time.monotonic() < until:
                asker.at.pump(_PAUSE_S)
                continue
            return _refused_lock(error)
        said = lines[-1].removeprefix("+CPIN:").strip(' "').upper() if lines else "READY"
        if said == "NOT READY" and time.monotonic() < until:
            asker.at.pump(_PAUSE_S)
        elif said in ("NOT READY", "NOT INSERTED", "SIM REMOVED"):
            raise NotReady(ModemState.NO_SIM, "modem.no_sim")
        else:
            return said


def _refused_lock(error: Refused) -> str:
    if error.refused.number is None:
        return "READY"
    state, key = _CME_STATES.get(error.refused.number, (ModemState.NO_SIM, cause_key(error.refused)))
    raise NotReady(state, key, cause=error.refused.number)


def _enter(asker: Asker, quirks: Quirks, modem_id: str, pin: Secret, memory: PinMemory) -> None:
    if not pin:
        raise NotReady(ModemState.PIN_REQUIRED, "modem.pin_required", **_told(tries_left(asker, quirks)))
    if PIN_SHAPE.fullmatch(pin.reveal()) is None:
        raise NotReady(ModemState.PIN_REFUSED, "modem.pin_malformed")
    card = facts.iccid(asker, quirks)
    tries = tries_left(asker, quirks)
    if _was_refused(memory, modem_id, card, pin, tries):
        raise NotReady(ModemState.PIN_REFUSED, "modem.pin_refused", **_told(tries))
    if tries is not None and tries < _LEAST_TRIES:
        raise NotReady(ModemState.PIN_REQUIRED, "modem.pin_last_try", **_told(tries))
    memory.remember(modem_id, _BEGUN + card, pin)
    try:
        asker.at.command(f'AT+CPIN="{pin.reveal()}"', "", _PIN_S)
    except Refused:
        memory.remember(modem_id, card, pin)
        memory.remember(modem_id, _ANY, pin)
        left = _told(tries_left(asker, quirks))
        raise NotReady(ModemState.PIN_REFUSED, "modem.pin_refused", **left) from None
    except Silence:
        asker.at.resync()
    if _settled(asker) != "SIM PIN":
        for mark in (_BEGUN + card, card, "", _ANY):
            memory.forget(modem_id, mark, pin)


def _told(tries: int | None) -> dict[str, int]:
    """For people, where the modem tells."""
    return {} if tries is None else {"tries": tries}


def _was_refused(memory: PinMemory, modem_id: str, card: str, pin: Secret, tries: int | None) -> bool:
    """By this SIM, or by one that may be this one: not every locked SIM tells its ICCID every time.

    An entry that was begun and never ended (power cut, unplugged) counts as refused, unless all tries are left.
    """
    marks = (card, "") if card else ("", _ANY)
    if any(memory.refused(modem_id, mark, pin) for mark in marks):
        return True
    return memory.refused(modem_id, _BEGUN + card, pin) and (tries is None or tries < _ALL_TRIES)


def _settled(asker: Asker) -> str:
    """A SIM needs a while after its PIN."""
    until = time.monotonic() + _SETTLE_S
    while (wanted := _lock(asker)) == "SIM PIN" and time.monotonic() < until:
        asker.at.pump(_PAUSE_S)
    return wanted


def tries_left(asker: Asker, quirks: Quirks) -> int | None:
    """PIN tries left, None where the modem does not tell."""
    for command, prefix, field in quirks.pin_tries:
        values = fields(asker.first(command, prefix))
        if len(values) > field and (tries := number(values[field])) is not None:
            return tries
    return None


def set_lock(asker: Asker, quirks: Quirks, pin: str, *, locked: bool) -> None:
    """Turn the PIN lock of the SIM on or off (AT+CLCK, 3GPP TS 27.007 §7.4). Raises `ModemError` and `Refused`."""
    if PIN_SHAPE.fullmatch(pin) is None:
        raise ModemError(Blame.MESSAGE, "modem.pin_malformed")
    tries = tries_left(asker, quirks)
    if tries is not None and tries < _LEAST_TRIES:
        raise ModemError(Blame.MESSAGE, "modem.pin_last_try")
    asker.at.command(f'AT+CLCK="SC",{int(locked)},"{pin}"', "", _PIN_S)
