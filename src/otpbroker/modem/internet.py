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
        self._seconds: dict[str, str] = {}

    def wanted(self, settings: ModemSettings) -> bool:
        return settings.internet_access and settings.active and self.lending.wanted

    def second(self, port: str, imei: str) -> str:
        """The other port of the same modem that takes AT commands, empty where it has none. It is looked for once for
        each port: a silent one costs seconds.
        """
        if port not in self._seconds:
            self._seconds = {port: next((each for each in self._beside(port) if self._is(each, imei)), "")}
        return self._seconds[port]

    def _is(self, port: str, imei: str) -> bool:
        identity = self._ask(port)
        return identity is not None and bool(imei) and same_imei(identity.imei, imei)

    def forget(self, modem: str) -> None:
        """Its port has gone, or it is no longer for the internet."""
        self._seconds.clear()
        self.lending.withdraw(modem)
