"""Where first boot finds and puts things, and what it sees of the machine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otpbroker.system.files import Paths

_BOOT: Final = ("boot/firmware", "boot")  # Raspberry Pi OS and Debian; older ones
_RADIO: Final = "sys/class/net/wlan0"
COUNTRIES: Final = "usr/share/zoneinfo/iso3166.tab"


@dataclass(frozen=True, slots=True)
class Places:
    """`boot` is the partition that any computer can read; None where none is mounted."""

    paths: Paths
    boot: Path | None

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
    def has_radio(self) -> bool:
        return (self.paths.root / _RADIO).exists()

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
    return Places(Paths(root), boot or next((each for each in found if each.is_mount()), None))
