"""The devices of this machine as udev knows them, and its word when one comes, changes or goes."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Self

with contextlib.suppress(ImportError):  # no libudev on this system
    import pyudev

_CONTROL = Path("/run/udev/control")


class Udev:
    """`kinds` are subsystems, or pairs of a subsystem and a type of device in it. `fd` becomes readable when one of
    them comes, changes or goes.
    """

    def __init__(self, *kinds: str | tuple[str, str]) -> None:
        self._subsystems = [kind if isinstance(kind, str) else kind[0] for kind in kinds]
        self._context = pyudev.Context()
        self._monitor = pyudev.Monitor.from_netlink(self._context)
        for kind in kinds:
            self._monitor.filter_by(*((kind,) if isinstance(kind, str) else kind))
        self._monitor.start()
        self.fd: int = self._monitor.fileno()

    @classmethod
    def open(cls, *kinds: str | tuple[str, str]) -> Self | None:
        """None where no udev daemon runs."""
        return cls(*kinds) if _CONTROL.exists() else None

    def devices(self) -> list[Mapping[str, str]]:
        """The properties of all devices of the subsystems."""
        return [
            dict(device.properties)
            for subsystem in self._subsystems
            for device in self._context.list_devices(subsystem=subsystem)
        ]

    def drain(self) -> None:
        """Take in what the descriptor announced."""
        with contextlib.suppress(OSError):  # more events than the socket holds: all devices are listed anew anyway
            while self._monitor.poll(0) is not None:
                pass
