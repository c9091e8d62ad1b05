"""One owner thread per configured modem, started, changed and ended as the settings say."""

from collections.abc import Callable
from typing import Protocol

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.contract import Job


class Owner(Protocol):
    """What `otpbroker.modem.owner.ModemOwner` is to dispatch."""

    def start(self) -> None: ...

    def wake(self) -> None: ...

    def post(self, job: Job) -> None: ...

    def reconfigure(self, settings: ModemSettings) -> None: ...

    def rescan(self) -> None: ...

    def stop(self, drain: bool = True) -> None: ...

    def join(self, timeout_s: float | None = None) -> bool: ...


class ModemOwners:
    def __init__(self, make: Callable[[ModemSettings], Owner]) -> None:
        self._make = make
        self._owners: dict[str, Owner] = {}
        self._settings: dict[str, ModemSettings] = {}

    def configure(self, modems: tuple[ModemSettings, ...]) -> None:
        """New modems get an owner, changed ones are told, those no longer listed end after what they are doing."""
        wanted = {modem.id: modem for modem in modems}
        for modem_id in self._owners.keys() - wanted.keys():
            self._owners.pop(modem_id).stop(drain=False)
        for modem_id, settings in wanted.items():
            owner = self._owners.get(modem_id)
            if owner is None:
                self._owners[modem_id] = self._make(settings)
                self._owners[modem_id].start()
            elif settings != self._settings[modem_id]:
                owner.reconfigure(settings)
        self._settings = wanted

    def wake(self, modem_id: str) -> None:
        owner = self._owners.get(modem_id)
        if owner is not None:
            owner.wake()

    def post(self, modem_id: str, job: Job) -> None:
        owner = self._owners.get(modem_id)
        if owner is None:
            job.abandon("modem.not_ready")
        else:
            owner.post(job)

    def rescan(self) -> None:
        """A stick came or went: each looks for its port now."""
        for owner in list(self._owners.values()):
            owner.rescan()

    def stop(self, timeout_s: float) -> None:
        """End all; each may finish the command it has begun."""
        for owner in self._owners.values():
            owner.stop(drain=False)
        for owner in self._owners.values():
            owner.join(timeout_s)
