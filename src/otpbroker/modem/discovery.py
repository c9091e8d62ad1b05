"""Modems come and go: udev tells, this listens. Without udev (a container, a laptop's pty) it is simply quiet."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from otpbroker.modem.probe import probe
from otpbroker.modem.registry import Registry
from otpbroker.modem.status import Identity
from otpbroker.modem.usb import Hint, UsbModem, UsbPort, classify, modems
from otpbroker.system.doorbell import Doorbell

_log = logging.getLogger(__name__)
_SETTLE_S = 2.0
_AGAIN_S = 10.0
_ROUNDS = 3


class DeviceSource(Protocol):
    """The system's devices and a descriptor that becomes readable when one comes or goes."""

    fd: int

    def devices(self) -> list[Mapping[str, str]]: ...

    def drain(self) -> None:
        """Take in what the descriptor announced."""


class Discovery:
    """Keeps a registry up to date in a thread of its own, and asks sticks that nobody owns who they are."""

    def __init__(
        self,
        registry: Registry,
        source: DeviceSource,
        *,
        ask: Callable[[str], Identity | None] = probe,
        settle_s: float = _SETTLE_S,
        again_s: float = _AGAIN_S,
    ) -> None:
        self._registry = registry
        self._source = source
        self._ask = ask
        self._settle_s = settle_s
        self._again_s = again_s
        self._bell = Doorbell()
        self._stopping = False
        self._asked: Counter[UsbModem] = Counter()
        self._thread = threading.Thread(target=self._run, name="discovery", daemon=True)

    def start(self) -> None:
        self._look()
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._bell.ring()
        self._thread.join()
        self._bell.close()

    def _run(self) -> None:
        settled_at: float | None = time.monotonic() + self._settle_s
        while not self._stopping:
            left_s = None if settled_at is None else settled_at - time.monotonic()
            if left_s is not None and left_s <= 0:
                # By now the owner of a known modem has opened its port: what is left is new, or moved.
                settled_at = time.monotonic() + self._again_s if self._ask_unknown() else None
            elif self._bell.wait(left_s, self._source.fd):
                self._source.drain()
                self._look()
                settled_at = time.monotonic() + self._settle_s

    def _look(self) -> None:
        found = [classify(properties) for properties in self._source.devices()]
        plugged = modems(each for each in found if isinstance(each, UsbPort))
        self._asked = Counter({modem: self._asked[modem] for modem in plugged if modem in self._asked})
        self._registry.see(plugged, [each for each in found if isinstance(each, Hint)])

    def _ask_unknown(self) -> bool:
        """Whether some are to be asked once more: a stick may take its time to start."""
        again = False
        for modem in self._registry.unknown():
            if self._stopping or self._asked[modem] >= _ROUNDS:
                continue
            self._asked[modem] += 1
            if self._answers(modem):
                continue
            if self._asked[modem] < _ROUNDS:
                again = True
            else:
                self._registry.nobody(modem.device)
        return again

    def _answers(self, modem: UsbModem) -> bool:
        for port in modem.ports:
            identity = None if self._stopping else self._ask(port.path)
            if identity is not None and identity.imei:
                _log.info("found %s at %s", identity.model or modem.name, port.path)
                self._registry.learn(port.path, identity)
                return True
        return False
