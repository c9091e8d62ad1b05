"""Which port of a modem is for the internet, as its owner sees it: another one of the stick, or its only one."""

from collections.abc import Callable
from typing import Final

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.bringup import same_imei
from otpbroker.modem.lending import Lending
from otpbroker.modem.probe import probe
from otpbroker.modem.status import Identity

_NOBODY: Final = Lending()  # of an owner that no dialler will ever ask


def no_other(_port: str) -> list[str]:
    """Without discovery, every port stands alone."""
    return []


class InternetSide:
    """Used by the owner's thread. `beside` names the other ports of a port's stick, `ask` who answers at one."""

    def __init__(
        self,
        lending: Lending | None = None,
        beside: Callable[[str], list[str]] = no_other,
        ask: Callable[[str], Identity | None] = probe,
    ) -> None:
        self.lending = lending or _NOBODY
        self._beside = beside
        self._ask = ask
        self._port = self._second = ""
        self._looked_at: list[str] = []

    def wanted(self, settings: ModemSettings) -> bool:
        return settings.internet_access and settings.active and self.lending.wanted

    def second(self, port: str, imei: str) -> str:
        """The other port of the same modem that takes AT commands, empty where it has none. They are asked once: a
        silent one costs seconds.
        """
        if port != self._port or self.others_came(port):
            self._port, self._looked_at = port, self._beside(port)
            self._second = next((each for each in self._looked_at if self._is(each, imei)), "")
        return self._second

    def others_came(self, port: str) -> bool:
        """Whether its stick has other ports than when they were looked at: they come one after the other."""
        return port == self._port and self._beside(port) != self._looked_at

    def _is(self, port: str, imei: str) -> bool:
        identity = self._ask(port)
        return identity is not None and bool(imei) and same_imei(identity.imei, imei)

    def forget(self, modem: str) -> None:
        """Its port has gone, or it is no longer for the internet."""
        self._port = ""
        self.lending.withdraw(modem)
