"""Where first boot finds and puts things, and what it sees of the machine."""

import time
from pathlib import Path
from typing import Final

from msgspec import Struct

from otpbroker.system.files import Paths

_BOOT: Final = ("boot/firmware", "boot")  # Raspberry Pi OS and Debian; older ones
_RADIO: Final = "sys/class/net/wlan0"
_HOSTAPD: Final = "otpb-hostapd/pid"
COMES_UP_S: Final = 90.0  # otpb-access.timer looks again after it
COUNTRIES: Final = "usr/share/zoneinfo/iso3166.tab"


class Places(Struct, frozen=True):
    """`boot` is the partition that any computer can read; None where none is mounted. `up_s`: since power-on."""

    paths: Paths
    boot: Path | None
    up_s: float

    @property
    def reset_text(self) -> Path:
        return self.paths.factory / "reset-text"

    @property
    def console(self) -> Path:
        """What a getty prints before it asks who signs in (agetty(8))."""
        return self.paths.run / "issue.d/otpbroker.issue"

    @property
    def network_taken(self) -> bool:
        """Whether the network of this machine is ours: else there is no access point of ours to join."""
        return self.paths.network_taken.exists()

    @property
    def has_access_point(self) -> bool:
        """Whether one can join by radio: there is one, and hostapd runs on it, or may still come up."""
        runs = (self.paths.run / _HOSTAPD).exists() or self.up_s < COMES_UP_S
        return runs and (self.paths.root / _RADIO).exists()

    def countries(self) -> frozenset[str]:
        """The country codes of ISO 3166; empty where the system does not tell."""
        return country_codes(self.paths.root / COUNTRIES)


def country_codes(table: Path) -> frozenset[str]:
    """Those of the table that comes with the time zones."""
    try:
        lines = table.read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(line[:2] for line in lines if line and not line.startswith("#"))


def places(root: Path, boot: Path | None = None) -> Places:
    """`boot` is looked for among the mounted ones where it is not given."""
    found = (root / each for each in _BOOT)
    mounted = boot or next((each for each in found if each.is_mount()), None)
    return Places(Paths(root), mounted, time.monotonic())
