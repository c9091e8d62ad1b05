"""Which port belongs to which configured modem: a modem is known by its IMEI, wherever its tty is numbered to."""

import os
import threading
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.bringup import same_imei
from otpbroker.modem.status import Identity
from otpbroker.modem.usb import Hint, UsbModem
from otpbroker.verbs.dispatch import FoundModem


class _Known(Struct):
    identity: Identity
    port: str


class Registry:
    """What is plugged, and who it turned out to be. Any thread may ask; `changed` is called when answers may differ."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._modems: dict[str, UsbModem] = {}
        self._known: dict[str, _Known] = {}
        self._hints: list[Hint] = []
        self._silent: set[str] = set()

    def see(self, modems: Sequence[UsbModem], hints: Sequence[Hint] = ()) -> None:
        """All that is plugged now."""
        with self._lock:
            before, self._modems = self._modems, {modem.device: modem for modem in modems}
            # Other port names on the same place are another plugging, perhaps of another stick.
            self._known = {
                device: known for device, known in self._known.items() if before.get(device) == self._modems.get(device)
            }
            self._silent = {device for device in self._silent if before.get(device) == self._modems.get(device)}
            self._hints = list(hints)
        self._changed()

    def learn(self, port: str, identity: Identity) -> None:
        """The modem at `port` said who it is."""
        with self._lock:
            device = self._device(port)
            known = self._known.get(device)
            if not device or not identity.imei or (known is not None and known.identity.imei == identity.imei):
                return
            self._known[device] = _Known(identity, port)
        self._changed()

    def nobody(self, device: str) -> None:
        """All ports of the stick at `device` were asked, and none answered."""
        with self._lock:
            if device not in self._modems or device in self._silent:
                return
            self._silent.add(device)
        self._changed()

    def locate(self, settings: ModemSettings) -> str:
        """The port to try for a configured modem; "" while it is plugged nowhere.

        By IMEI where one is known to be plugged, else the port of the settings, unless that holds another modem.
        """
        if not settings.imei:
            return settings.port
        with self._lock:
            for known in self._known.values():
                if same_imei(known.identity.imei, settings.imei):
                    return known.port
            there = self._known.get(self._device(settings.port))
        return "" if there is not None else settings.port

    def beside(self, port: str) -> list[str]:
        """The other ports of the stick that `port` belongs to, the likeliest first."""
        real = os.path.realpath(port)
        with self._lock:
            stick = self._modems.get(self._device(port))
            return [] if stick is None else [each.path for each in stick.ports if os.path.realpath(each.path) != real]

    def unknown(self) -> list[UsbModem]:
        """Sticks that have not said who they are."""
        with self._lock:
            return [modem for device, modem in self._modems.items() if device not in self._known]

    def unconfigured(self, configured: Iterable[ModemSettings]) -> list[FoundModem]:
        """What is plugged but in no settings, named after maker, model and connection; with a reason where it is of no
        use. A stick at a port of the settings is theirs, also while it is silent.
        """
        known = list(configured)
        imeis = [modem.imei for modem in known if modem.imei]
        with self._lock:
            found = [
                FoundModem(name=_name(known.identity, self._modems[device]), port=known.port, imei=known.identity.imei)
                for device, known in self._known.items()
                if device in self._modems and not any(same_imei(known.identity.imei, imei) for imei in imeis)
            ]
            theirs = {self._device(modem.port) for modem in known}
            mute = [self._modems[device] for device in sorted(self._silent - self._known.keys() - theirs)]
            found += [FoundModem(name=_called(each.name, each), reason="modem.mute") for each in mute]
            return found + [FoundModem(name=hint.name, reason=hint.key) for hint in self._hints]

    def _device(self, port: str) -> str:
        real = os.path.realpath(port) if port else ""
        return next((m.device for m in self._modems.values() if port and (m.has(port) or m.has(real))), "")


def _name(identity: Identity, modem: UsbModem) -> str:
    return _called(f"{identity.manufacturer} {identity.model}".strip() or modem.name, modem)


def _called(name: str, modem: UsbModem) -> str:
    return f"{name} ({modem.connection})"
