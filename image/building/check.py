"""What must hold in an image before anybody flashes it. Each check says what is wrong; nothing means good."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from image.building.disk import FAT32_LBA, LINUX, Table

MIB = 1024 * 1024
MAX_COMPRESSED = 600 * MIB
# What of the root file system the checks look at.
ROOT_PATHS = (
    "/etc",
    "/root",
    "/home",
    "/boot",
    "/var/lib/otpbroker",
    "/var/lib/systemd",
    "/var/lib/dbus",
    "/var/lib/NetworkManager",
    "/var/lib/cloud",
    "/usr/lib/systemd/system",
    "/usr/lib/firmware/brcm",
    "/usr/lib/firmware/regulatory.db",
    "/usr/sbin/hostapd",
    "/usr/sbin/ModemManager",
)
_BOARDS = {
    "debian": ("bcm2837-rpi-3-b", "bcm2837-rpi-3-b-plus", "bcm2837-rpi-zero-2-w", "bcm2711-rpi-4-b"),
    "raspios": (
        "bcm2710-rpi-3-b",
        "bcm2710-rpi-3-b-plus",
        "bcm2710-rpi-zero-2-w",
        "bcm2711-rpi-4-b",
        "bcm2712-rpi-5-b",
    ),
}
_GPU = ("bootcode.bin", "start.elf", "fixup.dat", "start4.elf", "fixup4.dat")
# Radios of the Pi 3, 3+, 4 and most Zero 2 W; Debian has none of the BCM43436 that others carry.
_RADIOS = {
    "debian": ("brcmfmac43430-sdio.bin", "brcmfmac43455-sdio.bin"),
    "raspios": ("brcmfmac43430-sdio.bin", "brcmfmac43455-sdio.bin", "brcmfmac43436-sdio.bin"),
}
# Debian's own units of what we run by units of our own, or not at all.
_NOT_THEIRS = ("hostapd", "dnsmasq", "nginx", "ModemManager", "wpa_supplicant@wlan0", "ssh", "userconfig")


@dataclass(frozen=True)
class Opened:
    """An image and copies of its two file systems; `labels` in the partitions' order."""

    config: str
    arch: str
    table: Table
    labels: tuple[str, ...]
    boot: Path
    root: Path

    def text(self, path: str) -> str:
        """A file of the root file system; empty where there is none."""
        file = self.root / path
        return file.read_text("utf-8", "replace") if file.is_file() else ""

    def settings(self, name: str) -> str:
        """A text file of the boot partition, without its comments."""
        file = self.boot / name
        lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
        return "\n".join(line for line in lines if not line.startswith("#"))


def partitions(image: Opened) -> Iterator[str]:
    if [part.kind for part in image.table.partitions] != [FAT32_LBA, LINUX]:
        yield "the disk is not one FAT32 and one Linux partition"
    if image.labels != ("bootfs", "rootfs"):
        yield f"the file systems are called {', '.join(image.labels)}, not bootfs, rootfs"


def command_line(image: Opened) -> Iterator[str]:
    words = image.settings("cmdline.txt").split()
    root = "LABEL=rootfs" if image.config == "debian" else f"PARTUUID={image.table.number}-02"
    if f"root={root}" not in words:
        yield f"cmdline.txt does not name root={root}: {' '.join(words)}"
    if not any(re.fullmatch(r"cfg80211\.ieee80211_regdom=[A-Z]{2}", word) for word in words):
        yield "cmdline.txt gives the radio no country"
    if len((image.boot / "cmdline.txt").read_bytes().strip().splitlines()) != 1:
        yield "cmdline.txt is not one line"


def kernel(image: Opened) -> Iterator[str]:
    if image.arch == "amd64":
        names = ["vmlinuz", "initrd.img"]
    elif image.config == "raspios":
        names = ["kernel8.img", "initramfs8", "kernel_2712.img", "initramfs_2712"]
    else:
        config = image.settings("config.txt")
        names = re.findall(r"^(?:kernel=|initramfs )(\S+)", config, re.MULTILINE)
        if len(names) != 2:
            yield "config.txt does not name one kernel and one initramfs"
    for name in names:
        there = image.boot / name
        if not there.is_file():
            yield f"the boot partition lacks {name}"
        elif (image.root / "boot" / name).is_file() and there.read_bytes() != (image.root / "boot" / name).read_bytes():
            yield f"{name} on the boot partition is not the one in /boot"


def boards(image: Opened) -> Iterator[str]:
    if image.arch != "arm64":
        return
    wanted = [*_GPU, *(f"{board}.dtb" for board in _BOARDS[image.config])]
    yield from (f"the boot partition lacks {name}" for name in wanted if not (image.boot / name).is_file())
    config = image.settings("config.txt")
    if "arm_64bit=1" not in config.split():
        yield "config.txt does not start the processor in 64 bits"
    for overlay in re.findall(r"^dtoverlay=([^,\s]+)", config, re.MULTILINE):
        if image.config == "debian" and not (image.boot / "overlays" / f"{overlay}.dtbo").is_file():
            yield f"config.txt names the overlay {overlay}, which is not there"
    if not re.search(r"^dtoverlay=\S*ds3231", config, re.MULTILINE):
        yield "config.txt knows no DS3231 clock"


def secrets(image: Opened) -> Iterator[str]:
    if image.text("etc/machine-id").strip():
        yield "the machine id is shared by all cards"
    if (image.root / "var/lib/dbus/machine-id").is_file():
        yield "D-Bus's machine id is shared by all cards"
    for path in sorted(image.root.rglob("*")):
        name = str(path.relative_to(image.root))
        if path.is_symlink() or not path.is_file():
            continue
        if re.search(r"etc/ssh/ssh_host_\w+key|/authorized_keys$|random-seed$|credential\.secret$|secret_key$", name):
            yield f"{name} is shared by all cards"
        elif re.match(r"etc/otpbroker/|var/lib/otpbroker/(?!network-taken$)", name):
            yield f"{name} is a card's own, not an image's"
        elif path.stat().st_size < MIB and re.search(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----", path.read_bytes()):
            yield f"{name} is a private key"


def accounts(image: Opened) -> Iterator[str]:
    shadow = [line.split(":") for line in image.text("etc/shadow").splitlines()]
    if not shadow:
        yield "there is no /etc/shadow"
    yield from (f"{name} has a password" for name, password, *_ in shadow if re.sub(r"[!*]", "", password))
    yield from (f"{name} has an empty password" for name, password, *_ in shadow if not password)


def _starts(image: Opened, unit: str) -> bool:
    """Whether something pulls a unit in at boot, and no mask forbids it."""
    etc = image.root / "etc/systemd/system"
    mask = etc / unit
    if mask.is_symlink() and str(mask.readlink()) == "/dev/null":
        return False
    pulled = (*etc.glob("*.wants"), *etc.glob("*.requires"))
    return any((by / unit).is_symlink() for by in pulled)  # its target lies outside the copy


def units(image: Opened) -> Iterator[str]:
    theirs = image.root / "usr/lib/systemd/system"
    for name in _NOT_THEIRS:
        if _starts(image, f"{name}.service"):
            yield f"{name}.service starts at boot"
    ours = [unit for unit in sorted(theirs.glob("otpb*")) if unit.suffix in {".service", ".target", ".timer", ".path"}]
    if not ours:
        yield "the image has no unit of ours"
    for unit in ours:
        if "@" not in unit.name and "[Install]" in unit.read_text("utf-8") and not _starts(image, unit.name):
            yield f"{unit.name} does not start at boot"


def radio(image: Opened) -> Iterator[str]:
    for state in sorted((image.root / "var/lib/systemd/rfkill").glob("*:wlan")):
        if state.read_text("ascii").strip() == "1":
            yield f"the radio is blocked at boot ({state.name})"
    if "WirelessEnabled=false" in image.text("var/lib/NetworkManager/NetworkManager.state"):
        yield "NetworkManager blocks the radio at boot"
    if not (image.root / "usr/sbin/hostapd").exists():
        yield "there is no hostapd"
    if image.arch == "arm64":
        there = {path.name for path in (image.root / "usr/lib/firmware/brcm").glob("*")}
        yield from (f"there is no firmware {radio}" for radio in _RADIOS[image.config] if radio not in there)


def system(image: Opened) -> Iterator[str]:
    if not (image.root / "var/lib/otpbroker/network-taken").is_file():
        yield "network and firewall are not taken over"
    if (image.root / "usr/sbin/ModemManager").exists():
        yield "ModemManager is installed"
    cloud = image.root / "etc/cloud"
    if cloud.is_dir() and not (cloud / "cloud-init.disabled").exists():
        yield "cloud-init is there and not disabled"
    fstab = [line.split() for line in image.text("etc/fstab").splitlines() if line.strip() and not line.startswith("#")]
    if any(entry[2] == "swap" for entry in fstab):
        yield "there is swap on the card"
    options = {entry[1]: entry[3].split(",") for entry in fstab}
    if "x-systemd.growfs" not in options.get("/", []):
        yield "the root file system does not grow to the card"
    if "umask=0077" not in options.get("/boot/firmware", []):
        yield "everybody may read the boot partition"
    if not image.text("etc/otp-broker-image"):
        yield "the image does not say what it is"


CHECKS: tuple[Callable[[Opened], Iterator[str]], ...] = (
    partitions,
    command_line,
    kernel,
    boards,
    secrets,
    accounts,
    units,
    radio,
    system,
)
