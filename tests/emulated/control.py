"""How tests get into the emulated device: a second network card in a namespace of its own, where an sshd listens.

All of it is handed to the device's systemd as credentials at power-on, so the image knows nothing of it. Neither does
the product's network: the card has left it before anything of ours starts, and no firewall rule is needed or passed.
So has a third card, at the other end of the device's Ethernet cable: whoever stands there is in the namespace LAN, and
gives the device its address.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

ADDRESS = "10.99.0.15"
READY = "control is ready"
UNITS = ("t.service", "r.service")
LAN, LAN_LINK, LAN_ADDRESS = "lan", "eth2", "10.0.2.2"

# Units with short names: what QEMU hands to arm64 may have 55 characters in its name.
_CONTROL = f"""
[Unit]
Description=Control by tests
DefaultDependencies=no
Requires=sys-subsystem-net-devices-eth1.device sys-subsystem-net-devices-eth2.device
After=sys-subsystem-net-devices-eth1.device sys-subsystem-net-devices-eth2.device systemd-remount-fs.service
Before=network-pre.target
Wants=network-pre.target
[Service]
Type=exec
ImportCredential=t.*
RuntimeDirectory=sshd
RuntimeDirectoryPreserve=yes
ExecStartPre=sh -c 'ip netns add t && ip link set eth1 netns t'
ExecStartPre=sh -c 'ip netns add {LAN} && ip link set {LAN_LINK} netns {LAN}'
ExecStartPre=ip -n t addr add {ADDRESS}/24 dev eth1
ExecStartPre=ip -n t link set eth1 up
ExecStart=nsenter --net=/run/netns/t /usr/sbin/sshd -D -e -f /dev/null -h %d/t.host -o AuthorizedKeysFile=%d/t.key \\
 -o UsePAM=no -o MaxSessions=100 -o "ForceCommand=exec nsenter --net=/proc/1/ns/net sh -c \\"$$SSH_ORIGINAL_COMMAND\\""
ExecStartPost=nsenter --net=/run/netns/t sh -c 'until ss -Hltn "sport = 22" | grep -q .; do sleep 0.1; done'
ExecStartPost=sh -c 'echo {READY} >/dev/console'
"""

_ROUTER = f"""
[Unit]
Description=The network that the device's Ethernet cable leads to
DefaultDependencies=no
ConditionPathExists=/usr/sbin/dnsmasq
BindsTo=t.service
# It is no part of the device, so the page need not wait for it.
After=t.service otpb-admin.service
[Service]
Type=exec
ExecStartPre=ip -n {LAN} link set lo up
ExecStartPre=ip -n {LAN} addr add {LAN_ADDRESS}/24 dev {LAN_LINK}
ExecStartPre=ip -n {LAN} link set {LAN_LINK} up
ExecStart=ip netns exec {LAN} dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --leasefile-ro \\
 --pid-file --interface={LAN_LINK} --dhcp-range=10.0.2.15,10.0.2.99,1h --dhcp-range=fd15::,ra-only --enable-ra
"""


# The emulator's serial adapters are FTDI's, which may be anything and are asked nothing: these are a modem maker's, but
# for those that an operator has.
_ADAPTERS = (
    'SUBSYSTEM=="tty", ENV{ID_VENDOR_ID}=="0403", ENV{ID_SERIAL_SHORT}!="network*", '
    'ENV{ID_VENDOR_ID}="12d1", ENV{ID_USB_DRIVER}="option"\n'
)


def credentials(keys: Path) -> dict[str, bytes]:
    """What the device is given at power-on, by name; `keys` is a folder that keeps the pairs for the next time."""
    for name in ("key", "host"):
        if not (keys / name).exists():
            keys.mkdir(parents=True, exist_ok=True)
            make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", keys / name]
            subprocess.run(make, check=True, timeout=10)
    return {
        **{f"systemd.extra-unit.{name}": text.encode() for name, text in zip(UNITS, (_CONTROL, _ROUTER), strict=True)},
        "udev.rules.90-t": _ADAPTERS.encode(),
        "t.host": (keys / "host").read_bytes(),
        "t.key": (keys / "key.pub").read_bytes(),
    }


class Failed(Exception):
    """A command of the device that ended otherwise than it should, with all that it said."""


class Shell:
    """root on the device, over one connection that all commands share."""

    def __init__(self, folder: Path, keys: Path, port: int) -> None:
        self._target = ["-F", "none", "-S", folder / "ssh", "-p", str(port), "root@127.0.0.1"]
        self._options = ["-i", keys / "key", "-o", "LogLevel=ERROR", "-o", "StrictHostKeyChecking=no"]
        self._options += ["-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=20"]
        self._options += ["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=8"]

    def open(self, timeout_s: float = 30) -> None:
        """The device must be listening: its console has said READY."""
        argv = ["ssh", "-M", "-N", "-f", *self._options, *self._target]
        subprocess.run(argv, check=True, timeout=timeout_s, stdin=subprocess.DEVNULL)

    def close(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(["ssh", "-O", "exit", *self._target], capture_output=True, timeout=5, check=False)

    def run(self, command: str, *, stdin: bytes = b"", timeout_s: float = 60, check: bool = True) -> str:
        """What the shell command printed on both outputs; Failed where its status is not 0, unless `check` is off."""
        argv = ["ssh", *self._target, command]
        try:
            done = subprocess.run(argv, input=stdin, capture_output=True, timeout=timeout_s, check=False)
        except subprocess.TimeoutExpired as error:
            said = (error.stdout or b"").decode(errors="replace")
            raise Failed(f"{command}: not done in {timeout_s} s: {said}") from None
        said = (done.stdout + done.stderr).decode(errors="replace")
        if check and done.returncode:
            raise Failed(f"{command}: status {done.returncode}: {said}")
        return said

    @contextlib.contextmanager
    def started(self, command: str) -> Iterator[subprocess.Popen]:
        """A command that runs while the block does; its outputs are one pipe."""
        argv = ["ssh", "-tt", *self._target, command]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            try:
                yield process
            finally:
                process.kill()
