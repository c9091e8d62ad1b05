"""The device in QEMU: power, disk, what is plugged into it, and a root shell."""

import base64
import contextlib
import shlex
import subprocess
import time
from pathlib import Path
from typing import Self

from emulated import control
from emulated.image import PROJECT, Image
from emulated.qmp import Qmp
from emulated.serial import Serial
from running import free_port

# A machine that is busy, and has no KVM, takes minutes to what an idle one does in half of one.
BOOT_S = 420
RESULTS = PROJECT / "results/device"
KEYS = PROJECT / "build/device/keys"
CARD = "2G"  # what is flashed grows to it at the first boot
NEW = "new"  # the moment after the first boot, before anybody has touched the device
# A busy machine is no finding: what waits for hardware waits long.
PATIENCE = "systemd.default_device_timeout_sec=300 systemd.default_timeout_start_sec=300"
RADIOS = "modules-load=mac80211_hwsim mac80211_hwsim.radios=3"
WANTED = " ".join(f"systemd.wants={unit}" for unit in control.UNITS)
# What mitigations would flush is emulated at great cost, and protects nobody here. A tool of tests is no daemon.
ADDED = f"mitigations=off systemd.mask=wpa_supplicant.service {PATIENCE} {RADIOS}"


class Device:
    """One emulated device with a disk of its own over `image`, which keeps what was written until `folder` goes."""

    def __init__(self, image: Image, folder: Path, name: str) -> None:
        self.image = image
        self.folder = folder
        self.name = name
        self.disk = folder / "disk.qcow2"
        self._control_port = free_port()
        self._process: subprocess.Popen | None = None
        self._plugged: list[str] = []
        self._behind: dict[str, list[tuple[str, dict]]] = {}  # what QEMU has for something that is plugged in
        folder.mkdir(parents=True, exist_ok=True)
        RESULTS.mkdir(parents=True, exist_ok=True)
        self.log = RESULTS / f"{name}.serial.log"
        self.log.unlink(missing_ok=True)
        base = ["-b", image.disk.resolve(), "-F", "raw", self.disk, CARD]
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", *base], check=True, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.cut_power()

    # Power

    def power_on(self, *options: str, append: str = "", stick: Path | None = None) -> None:
        """Returns when QEMU runs; `options` are further ones of its, `append` goes to the kernel, `stick` is in."""
        assert self._process is None, "it is on"
        self.powered_at = time.monotonic()
        output = (self.folder / "qemu.log").open("w")
        with output:
            self._process = subprocess.Popen(
                [*self._command(append), *options], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self._await_sockets()
        self.qmp = Qmp(self.folder / "qmp")
        self.serial = Serial(self.folder / "serial", self.log)
        if stick is not None:
            self.plug_stick(stick)
        self.qmp.execute("cont")
        self.shell = control.Shell(self.folder, KEYS, self._control_port)

    def await_control(self, timeout_s: float = BOOT_S) -> None:
        """The shell answers from here on: early, before the network and anything of ours."""
        self.serial.wait(control.READY, timeout_s)
        self.shell.open(120)

    def await_booted(self, timeout_s: float = BOOT_S) -> str:
        """systemd's word when nothing is left to start: `running`, or `degraded` where something failed."""
        return self.shell.run("systemctl is-system-running --wait", timeout_s=timeout_s, check=False).strip()

    def boot(self, *options: str, append: str = "", stick: Path | None = None) -> None:
        """Power on, and everything has started well."""
        self.power_on(*options, append=append, stick=stick)
        self.await_control()
        state = self.await_booted()
        assert state == "running", self.failed()

    def cut_power(self) -> None:
        """At once; what the disk was not told to keep may be lost."""
        if self._process is None:
            return
        self._process.kill()
        self._ended()

    def power_off(self, timeout_s: float = 180) -> None:
        """As by its button: systemd stops everything."""
        self.qmp.execute("system_powerdown")
        self.await_off(timeout_s)

    def await_off(self, timeout_s: float = 240) -> None:
        """It switches itself off; it does so instead of a restart too."""
        assert self._process is not None
        self._process.wait(timeout_s)
        self._ended()

    def card(self, into: Path) -> Path:
        """The whole card as it is now, octet by octet; the device must be off."""
        assert self._process is None, "it is on"
        subprocess.run(["qemu-img", "convert", "-O", "raw", self.disk, into], check=True, timeout=300)
        return into

    def cpu_s(self) -> float:
        """Processor time that the device has taken since power-on, which a busy machine changes little."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def save(self, moment: str) -> None:
        """Keeps disk, memory and all that runs, for `restore`. Nothing may be plugged in."""
        assert not self._plugged
        self._tell_time_by(self.image.machine.slow_clock)
        self.qmp.monitor(f"savevm {moment}", timeout_s=240)
        self._tell_time_by(self.image.machine.clock)

    def restore(self, moment: str) -> None:
        """The device as it was then, without a boot: its clock goes on from there, and nothing is plugged in."""
        self.unplug_all()
        self.shell.close()
        self.qmp.monitor(f"loadvm {moment}", timeout_s=240)
        self.shell.open(120)
        self._tell_time_by(self.image.machine.clock)

    def _tell_time_by(self, clock: str) -> None:
        """All the time since `save` would pass at once, by a clock that is not set back, and watchdogs bite."""
        if clock:
            self.run(f"echo {clock} >/sys/devices/system/clocksource/clocksource0/current_clocksource")

    # What is plugged in

    def plug(self, driver: str, name: str, **properties: object) -> None:
        self.qmp.execute("device_add", driver=driver, id=name, **properties)
        self._plugged.append(name)

    def unplug(self, name: str, timeout_s: float = 30) -> None:
        """Returns when it has gone."""
        self.qmp.execute("device_del", id=name)
        self.qmp.wait("DEVICE_DELETED", timeout_s, device=name)
        self._plugged.remove(name)
        for command, backend in self._behind.pop(name, ()):
            self.qmp.execute(command, **backend)

    def unplug_all(self) -> None:
        for name in list(self._plugged):
            self.unplug(name)

    def plug_stick(self, disk: Path, name: str = "stick", *, read_only: bool = False) -> None:
        """A USB flash disk with the octets of `disk`, which are written to unless it is read-only."""
        file = {"driver": "file", "filename": str(disk), "read-only": read_only, "locking": "off"}
        self.qmp.execute("blockdev-add", driver="raw", node_name=f"{name}-disk", read_only=read_only, file=file)
        self._behind[name] = [("blockdev-del", {"node_name": f"{name}-disk"})]
        self.plug("usb-storage", name, drive=f"{name}-disk", removable=True, bus="usb.0", serial=name)

    def plug_serial(self, name: str, socket: str) -> None:
        """A USB serial adapter whose line is the abstract Unix socket `socket`; it comes and goes with its listener."""
        address = {"type": "unix", "data": {"path": socket, "abstract": True, "tight": True}}
        backend = {"type": "socket", "data": {"addr": address, "server": False, "reconnect": 1}}
        self.qmp.execute("chardev-add", id=f"{name}-line", backend=backend)
        self._behind[name] = [("chardev-remove", {"id": f"{name}-line"})]
        self.plug("usb-serial", name, chardev=f"{name}-line", serial=name, bus="usb.0")

    # What it says

    def run(self, command: str, *, stdin: bytes = b"", timeout_s: float = 60, check: bool = True) -> str:
        """What root's shell command printed, without the last line's end; control.Failed where it fails."""
        return self.shell.run(command, stdin=stdin, timeout_s=timeout_s, check=check).removesuffix("\n")

    def until(self, condition: str, timeout_s: float = 90) -> str:
        """What `condition` of root's shell printed as soon as it held; control.Failed where it does not in time."""
        asked = f"until {condition}; do sleep 0.3; done"
        return self.run(f"timeout {timeout_s} sh -c {shlex.quote(asked)}", timeout_s=timeout_s + 30)

    def failed(self) -> str:
        """The units that failed, with their last words; empty where none did."""
        names = self.run("systemctl list-units --state=failed --plain --no-legend | cut -d' ' -f1").split()
        return "\n".join(self.run(f"systemctl status --no-pager -n 30 {name}", check=False) for name in names)

    def keep_journal(self) -> None:
        """Beside the serial log, for whoever looks why a test failed."""
        with contextlib.suppress(control.Failed):
            (RESULTS / f"{self.name}.journal.log").write_text(self.run("journalctl --no-pager -b -o short-monotonic"))

    # QEMU

    def _command(self, append: str) -> list[str | Path]:
        machine, folder = self.image.machine, self.folder
        command = f"127.0.0.1:{self._control_port}-{control.ADDRESS}:22"
        return [
            *(machine.program, *machine.options, "-accel", "tcg,thread=multi", "-smp", "2", "-m", "1024"),
            *("-display", "none", "-no-reboot", "-S", "-nodefaults", "-rtc", "base=utc"),
            *("-kernel", self.image.folder / "kernel", "-initrd", self.image.folder / "initrd"),
            *("-append", f"{self.image.command_line} {ADDED} {WANTED} {append}"),
            *("-drive", f"file={self.disk},format=qcow2,if=none,id=card,discard=unmap"),
            *("-device", "virtio-blk-pci,drive=card"),
            # The cable, from the device to the network behind it.
            *("-netdev", "hubport,id=hub1,hubid=0", "-device", "virtio-net-pci,netdev=hub1,mac=52:54:00:00:00:01"),
            *("-netdev", f"user,id=control,net=10.99.0.0/24,restrict=on,hostfwd=tcp:{command}"),
            *("-device", "virtio-net-pci,netdev=control,mac=52:54:00:00:00:02"),
            *("-netdev", "hubport,id=hub2,hubid=0", "-device", "virtio-net-pci,netdev=hub2,mac=52:54:00:00:00:03"),
            *("-device", "virtio-rng-pci", "-device", "qemu-xhci,id=usb,p2=12,p3=12"),
            *("-chardev", f"socket,id=console,path={folder}/serial,server=on,wait=off", "-serial", "chardev:console"),
            *("-chardev", f"socket,id=qmp,path={folder}/qmp,server=on,wait=off", "-mon", "chardev=qmp,mode=control"),
            *self._credentials(),
        ]

    def _credentials(self) -> list[str]:
        options: list[str] = []
        for name, text in control.credentials(KEYS).items():
            if self.image.machine.credentials == "smbios":
                encoded = base64.b64encode(text).decode()
                options += ["-smbios", f"type=11,value=io.systemd.credential.binary:{name}={encoded}"]
            else:
                path = self.folder / name
                path.write_bytes(text)
                options += ["-fw_cfg", f"name=opt/io.systemd.credentials/{name},file={path}"]
        return options

    def _await_sockets(self) -> None:
        until = time.monotonic() + 20
        while not ((self.folder / "qmp").is_socket() and (self.folder / "serial").is_socket()):
            said = (self.folder / "qemu.log").read_text()
            assert self._process is not None
            assert self._process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)

    def _ended(self) -> None:
        assert self._process is not None
        self._process.wait(10)
        self._process = None
        self._plugged.clear()
        self._behind.clear()
        self.shell.close()
        self.serial.close()
        self.qmp.close()
        for name in ("qmp", "serial"):
            (self.folder / name).unlink(missing_ok=True)
