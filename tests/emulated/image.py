"""The disks that `scripts/lib/device-image` makes, and what of QEMU differs between the two machines that boot them."""

import os
import re
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]


class Machine(NamedTuple):
    program: str
    options: tuple[str, ...]
    console: str
    credentials: str  # how systemd is given them: "smbios" or "fw_cfg"
    clock: str = ""  # the kernel's name for its clock, where QEMU does not set it back with all else
    slow_clock: str = ""  # one that it does


MACHINES = {
    "amd64": Machine("qemu-system-x86_64", ("-M", "q35", "-cpu", "max"), "ttyS0", "smbios", "tsc", "hpet"),
    "arm64": Machine("qemu-system-aarch64", ("-M", "virt", "-cpu", "cortex-a72"), "ttyAMA0", "fw_cfg"),
}


class Image(NamedTuple):
    """A disk with its kernel and initial file system; none of them is ever written to."""

    machine: Machine
    folder: Path

    @property
    def disk(self) -> Path:
        return self.folder / "disk"

    @property
    def command_line(self) -> str:
        """What the boot partition says to the kernel; the serial console is this machine's, and the last one named, so
        that it is `/dev/console`.
        """
        line = (self.folder / "cmdline").read_text().strip()
        return re.sub(r"console=tty[A-Z]\S+ *", "", line) + f" console={self.machine.console}"


def image(name: str) -> Image:
    """`device`, ours; or `bare`, the Debian that it is compared with."""
    arch = os.environ.get("OTPB_DEVICE_ARCH", "amd64")
    return Image(MACHINES[arch], PROJECT / "build/device" / arch / name)
