"""Who manages the network of a machine that is not ours yet: told by files alone, so of an image too."""

import re
from pathlib import Path
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode

UNITS: Final = Path("etc/systemd/system")
NOTHING: Final = Path("/dev/null")
PROGRAMS: Final = {
    "usr/sbin/hostapd": "hostapd",
    "usr/sbin/rfkill": "rfkill",
    "usr/sbin/dnsmasq": "dnsmasq-base",
    "usr/sbin/nft": "nftables",
    "usr/sbin/avahi-daemon": "avahi-daemon",
}
_MANAGERS: Final = ("NetworkManager.service", "systemd-networkd.service")
_IFUPDOWN: Final = re.compile(r"^\s*iface\s+(eth|en|wlan0)", re.MULTILINE)


class Surroundings:
    def __init__(self, root: Path) -> None:
        self._root = root

    def refuse_unless_fit(self) -> None:
        """Raises `BrokerError` where a program is missing, or where nobody that we know manages Ethernet."""
        missing = {package for program, package in PROGRAMS.items() if not (self._root / program).exists()}
        if missing:
            raise refusal("setup.missing", packages=" ".join(sorted(missing)))
        folder = self._root / "etc/network"
        for file in (folder / "interfaces", *sorted(folder.glob("interfaces.d/*"))):
            if file.is_file() and _IFUPDOWN.search(file.read_text(encoding="utf-8", errors="replace")):
                raise refusal("setup.ifupdown", file=f"/{file.relative_to(self._root)}")
        if self._is_enabled("dhcpcd.service"):
            raise refusal("setup.other_manager", manager="dhcpcd")
        if all(map(self._is_enabled, _MANAGERS)):
            raise refusal("setup.two_managers")

    def manager(self) -> str:
        """The unit of the one network manager that starts with the machine, or nothing."""
        return next(filter(self._is_enabled, _MANAGERS), "")

    def _is_enabled(self, unit: str) -> bool:
        """Some target wants it, and nobody has masked it."""
        wanted = any((folder / unit).is_symlink() for folder in (self._root / UNITS).glob("*.wants"))
        return wanted and not self.leads(UNITS / unit, NOTHING)

    def leads(self, path: Path, target: Path) -> bool:
        """Whether there is a link at `path` below the root prefix, and to `target`."""
        full = self._root / path
        return full.is_symlink() and full.readlink() == target


def refusal(key: str, **params: str | int) -> BrokerError:
    return BrokerError(ResponseCode.FAILED, key, retry_after_s=None, **params)
