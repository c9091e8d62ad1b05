"""What a USB device is to us, by its udev properties (pure)."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from msgspec import Struct

_DRIVERS: Final = frozenset({"option", "option1", "qcserial", "sierra", "hso", "cdc_acm"})
_MAKERS: Final = frozenset(
    [
        "12d1",
        "19d2",
        "2c7c",
        "1e0e",
        "1bc7",
        "1199",
        "05c6",
        "0bdb",
        "1546",
        "2cb7",
        "1410",
        "0421",
        "1c9e",
        "2001",
        "1bbb",
        "0af0",
        "413c",
        "2dee",
        "1782",
    ]
)
"""USB vendors of modems: a serial device of anyone else may be anything, and is never sent a command unasked."""
_AT_INTERFACES: Final[Mapping[str, tuple[str, ...]]] = {
    "12d1": ("02", "00", "01"),  # PCUI before the modem port, which a dial-up may need
    "2c7c": ("02", "03"),
    "1e0e": ("02", "03"),
    "19d2": ("03", "01", "02"),
    "1bc7": ("03", "00", "02"),
}
_HILINK: Final = frozenset({("12d1", "14db"), ("12d1", "14dc"), ("12d1", "155e"), ("19d2", "1405"), ("19d2", "1403")})
_STORAGE: Final = frozenset({("12d1", "1f01"), ("12d1", "14fe"), ("12d1", "1446"), ("19d2", "2000"), ("19d2", "1225")})


class UsbPort(Struct, frozen=True, kw_only=True):
    """A serial port that may take AT commands. `device` is its stick's place on the bus, the same for all ports."""

    path: str
    by_path: str
    device: str
    interface: str
    vendor_id: str
    name: str


class Hint(Struct, frozen=True, kw_only=True):
    """A stick that is no modem to us, and why in plain words."""

    device: str
    name: str
    key: str


class UsbModem(Struct, frozen=True, kw_only=True):
    """One stick with its ports, the likeliest AT port first."""

    device: str
    name: str
    ports: tuple[UsbPort, ...]

    def has(self, path: str) -> bool:
        return any(path in (port.path, port.by_path) for port in self.ports)

    @property
    def connection(self) -> str:
        """Where it is plugged, as people count: `USB 1.2`."""
        return f"USB {self.device.rpartition(':')[2]}"


def classify(properties: Mapping[str, str]) -> UsbPort | Hint | None:
    """One udev device; None for what concerns nobody here."""
    vendor, product = properties.get("ID_VENDOR_ID", ""), properties.get("ID_MODEL_ID", "")
    name = _name(properties)
    if properties.get("SUBSYSTEM") == "usb" and properties.get("DEVTYPE") == "usb_device":
        place = properties.get("ID_PATH", properties.get("DEVPATH", ""))
        if (vendor, product) in _HILINK:
            return Hint(device=place, name=name, key="modem.hilink")
        return Hint(device=place, name=name, key="modem.storage_mode") if (vendor, product) in _STORAGE else None
    if properties.get("SUBSYSTEM") != "tty" or vendor not in _MAKERS:
        return None
    if properties.get("ID_USB_DRIVER", "option") not in _DRIVERS:
        return None
    return UsbPort(
        path=properties.get("DEVNAME", ""),
        by_path=_by_path(properties),
        device=properties.get("ID_PATH", "").rpartition(":")[0],
        interface=properties.get("ID_USB_INTERFACE_NUM", ""),
        vendor_id=vendor,
        name=name,
    )


def modems(ports: Iterable[UsbPort]) -> list[UsbModem]:
    """Ports joined to sticks by their place on the bus."""
    ordered = sorted((port for port in ports if port.path and port.device), key=lambda port: port.device)
    found = []
    for device, group in groupby(ordered, key=lambda port: port.device):
        own = sorted(group, key=_likelihood)
        found.append(UsbModem(device=device, name=own[0].name, ports=tuple(own)))
    return found


def _likelihood(port: UsbPort) -> tuple[int, str]:
    known = _AT_INTERFACES.get(port.vendor_id, ())
    return (known.index(port.interface) if port.interface in known else len(known), port.interface)


def _name(properties: Mapping[str, str]) -> str:
    maker = properties.get("ID_VENDOR_FROM_DATABASE") or properties.get("ID_VENDOR", "").replace("_", " ")
    model = properties.get("ID_MODEL", "").replace("_", " ") or properties.get("ID_MODEL_FROM_DATABASE", "")
    return f"{maker} {model}".strip()


def _by_path(properties: Mapping[str, str]) -> str:
    links = properties.get("DEVLINKS", "").split()
    return next((link for link in links if link.startswith("/dev/serial/by-path/")), "")
