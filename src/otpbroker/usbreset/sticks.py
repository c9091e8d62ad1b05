"""Which of the machine's block devices are USB sticks. Pure but for the size of a medium."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ON_USB: Final = re.compile(r"/usb\d+/")
_DISK: Final = re.compile(r"/dev/sd[a-z]+")
_FOR_STICKS: Final = ("/media/", "/mnt/", "/run/media/")
Properties = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stick:
    """`insertion` is another one each time that it is plugged. `known_as` is what the stick says of itself."""

    node: Path
    insertion: str
    known_as: str


def sticks(devices: Iterable[Properties], mounted: frozenset[str], sys: Path) -> list[Stick]:
    """Those of udev's block `devices` that are USB disks with a medium in them, and on which the system does not lie.
    `mounted` are the numbers of devices that it lives from; `sys` is where sysfs is mounted.
    """
    known = list(devices)
    lived_from = [each["DEVPATH"] + "/" for each in known if f"{each.get('MAJOR')}:{each.get('MINOR')}" in mounted]
    return [
        Stick(Path(each["DEVNAME"]), f"{each['DEVNAME']} {each.get('DISKSEQ', '')}", _known_as(each))
        for each in known
        if _is_stick(each)
        and not any(path.startswith(each["DEVPATH"] + "/") for path in lived_from)
        and _has_medium(sys, each["DEVPATH"])
    ]


def lived_from(mountinfo: str) -> frozenset[str]:
    """The numbers of the devices that are mounted, but for where people mount sticks (proc_pid_mountinfo(5))."""
    fields = (line.split(" ") for line in mountinfo.splitlines())
    return frozenset(each[2] for each in fields if len(each) > 4 and not each[4].startswith(_FOR_STICKS))


def _is_stick(device: Properties) -> bool:
    """Not before udev knows all of it."""
    return (
        device.get("DEVTYPE") == "disk"
        and "USEC_INITIALIZED" in device
        and bool(_DISK.fullmatch(device.get("DEVNAME", "")))
        and bool(_ON_USB.search(device.get("DEVPATH", "")))
    )


def _known_as(device: Properties) -> str:
    names = ("ID_VENDOR_ID", "ID_MODEL_ID", "ID_SERIAL_SHORT", "ID_INSTANCE")
    return " ".join(device.get(name, "") for name in names)


def _has_medium(sys: Path, devpath: str) -> bool:
    """A card reader is there without a card, too."""
    try:
        return int((sys / devpath.lstrip("/") / "size").read_text(encoding="ascii")) > 0
    except (OSError, ValueError):
        return False
