"""An image started in QEMU as its board starts it: kernel, initramfs and command line of its boot partition.

What the emulator lacks is the board's own firmware, so nothing is said of config.txt but the names in it. amd64: an SD
card in a PC; arm64: the emulated Pi 3. The image stays as it is: a copy runs, on a card of the next power of two.
"""

import base64
import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from image.building.disk import copy_fat, table_of

_PROBE = """[Service]
Type=exec
StandardOutput=file:/dev/ttyS0
ExecStart=sh -c 'timeout 200 systemctl is-system-running --wait; systemctl --failed --plain --no-legend; \\
  systemctl list-jobs --no-legend; journalctl --boot --priority=warning --lines=40 --output=cat --no-pager; \\
  findmnt -no SIZE /; echo probe: end'
"""  # not oneshot: it waits for all jobs, and would be one


@dataclass(frozen=True)
class Card:
    """A copy of an image, as large as a card, and what the firmware would load from it."""

    disk: Path
    kernel: Path
    initramfs: Path
    tree: Path
    command_line: str


def insert(image: Path, arch: str, folder: Path) -> Card:
    """Makes the card and takes what boots it from its boot partition."""
    disk = folder / "card.img"
    subprocess.run(["cp", "--sparse=always", image, disk], check=True)
    os.truncate(disk, 1 << image.stat().st_size.bit_length())
    boot = folder / "boot"
    copy_fat(image, table_of(image).partitions[0], boot)
    names = {"kernel": "vmlinuz", "initramfs": "initrd.img"}
    if arch == "arm64":
        config = (boot / "config.txt").read_text("utf-8")
        names = dict(re.findall(r"^(kernel|initramfs)[= ](\S+)", config, re.MULTILINE))
    line = (boot / "cmdline.txt").read_text("utf-8").strip()
    return Card(disk, boot / names["kernel"], boot / names["initramfs"], boot / "bcm2837-rpi-3-b.dtb", line)


def command(card: Card, arch: str) -> list[str]:
    """The emulator's command; the serial console is its standard output."""
    common = ["-accel", "tcg,thread=multi", "-m", "1024", "-display", "none", "-no-reboot", "-monitor", "none"]
    common += ["-kernel", str(card.kernel), "-initrd", str(card.initramfs), "-append", card.command_line]
    if arch == "arm64":
        # The board has two serial ports; the first is the Bluetooth chip's.
        board = ["-M", "raspi3b", "-dtb", str(card.tree), "-drive", f"file={card.disk},format=raw,if=sd"]
        return ["qemu-system-aarch64", *common, *board, "-serial", "null", "-serial", "stdio"]
    probe = {
        "systemd.extra-unit.probe.service": _PROBE,
        "systemd.unit-dropin.multi-user.target": "[Unit]\nWants=probe.service\n",
    }
    words = [
        f"io.systemd.credential.binary:{key}={base64.b64encode(value.encode()).decode()}"
        for key, value in probe.items()
    ]
    board = ["-M", "q35", "-cpu", "max", "-smp", "2", "-drive", f"file={card.disk},format=raw,if=none,id=sd"]
    board += ["-device", "sdhci-pci", "-device", "sd-card,drive=sd", "-device", "virtio-rng-pci"]
    board += ["-netdev", "user,id=n0", "-device", "virtio-net-pci,netdev=n0", "-serial", "stdio"]
    return ["qemu-system-x86_64", *common, *board, *(x for word in words for x in ("-smbios", f"type=11,value={word}"))]


def _lines(argv: list[str], timeout_s: float) -> Iterator[tuple[float, str]]:
    """What the serial console says, as it comes, with the seconds since power-on; ends with the machine or the time."""
    began = time.monotonic()
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as machine:
        try:
            assert machine.stdout  # noqa: S101 - it is a pipe
            while (left := began + timeout_s - time.monotonic()) > 0:
                if select.select([machine.stdout], [], [], left)[0]:
                    piece = os.read(machine.stdout.fileno(), 65536)
                    if not piece:
                        return
                    yield time.monotonic() - began, piece.decode("utf-8", "replace")
        finally:
            machine.kill()


def boot(image: Path, arch: str, folder: Path, timeout_s: float) -> int:
    """Boots until the login prompt (amd64: and until everything has started); the console goes to FOLDER/console."""
    if shutil.which("qemu-system-x86_64" if arch == "amd64" else "qemu-system-aarch64") is None:
        sys.exit("QEMU is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    card = insert(image, arch, folder)
    print(f"command line: {card.command_line}", flush=True)
    said = ""
    login = None
    with (folder / "console").open("w", encoding="utf-8") as console:
        for after_s, piece in _lines(command(card, arch), timeout_s):
            said += piece
            console.write(piece)
            console.flush()
            if login is None and re.search(r"^\S+ login: ", said, re.MULTILINE):
                login = after_s
                print(f"login prompt after {after_s:.0f} s", flush=True)
            if login is not None and (arch == "arm64" or "probe: end" in said):
                if arch == "amd64":
                    print(f"all started after {after_s:.0f} s:\n{said[said.rindex('login: ') + 7 :]}")
                return 0
    print(said[-2000:])
    print(f"no login prompt within {timeout_s:.0f} s" if login is None else "not everything started")
    return 1
