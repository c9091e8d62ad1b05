"""The machine's network taken over and given back (SPEC §8): links and masks below the root prefix, and what a running
system must hear of them.

Everything that is laid is a link: into our own folder, or to nothing where a service of others must not start. What
was laid is written down first, so that a half-done step is taken up or taken back by the next call.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from otpbroker.apply.surroundings import NOTHING, UNITS, Surroundings, refusal
from otpbroker.readable import readable
from otpbroker.system import command
from otpbroker.system.command import Outcome
from otpbroker.system.files import Paths, ensure_folder, write_atomic

TREE: Final = Path("usr/share/otpbroker/taken-over/etc")
# Who would drive the radio, answer at our ports, filter packets, or have the boot wait for a cable.
MASKED: Final = (
    "hostapd.service",
    "wpa_supplicant@wlan0.service",
    "wpa_supplicant-nl80211@wlan0.service",
    "iwd.service",
    "dnsmasq.service",
    "nginx.service",
    "nftables.service",
    "ufw.service",
    "firewalld.service",
    # It would put back that the radio was blocked once.
    "systemd-rfkill.socket",
    "systemd-rfkill.service",
    "ModemManager.service",
    "NetworkManager-wait-online.service",
    "systemd-networkd-wait-online.service",
    # Swap would hold message texts.
    "dphys-swapfile.service",
    "swap.target",
)
_OURS: Final = ("otpb-firewall.service", "otpb-network-manager.service", "otpb-hostapd.service", "otpb-dnsmasq.service")
_TO_RESTART: Final = ("systemd-sysctl.service", "systemd-networkd.service", "avahi-daemon.service")
_RUN_S: Final = 90.0

Run = Callable[[Sequence[str]], Outcome]


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, as a text key with its parameters."""

    key: str
    params: dict[str, str]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is ours to take back: paths below the root prefix (of folders the deepest first), units that ran and were
    stopped, units made to start.
    """

    links: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    enabled: tuple[str, ...] = ()


def run(argv: Sequence[str]) -> Outcome:
    return command.run(argv, timeout_s=_RUN_S)


class Takeover:
    """`live`: the system below `paths` is the one that runs. Methods raise `BrokerError`, having changed nothing."""

    def __init__(self, paths: Paths, *, live: bool, run: Run = run) -> None:
        self._paths = paths
        self._root = paths.root
        self._around = Surroundings(paths.root)
        self._live = live
        self._run = run

    def take(self) -> Iterator[Step]:
        """Take the network over; again where it is taken over already, so that what came since is laid too."""
        self._around.refuse_unless_fit()
        record = self._record()
        wanted = {path: target for path, target in self._wanted().items() if not self._around.leads(path, target)}
        if blocked := [str(path) for path in wanted if self._exists(path)]:
            raise refusal("setup.in_the_way", files=", ".join(f"/{path}" for path in blocked))
        anew = bool(wanted) or not self._paths.network_taken.exists()
        enabled = () if self._around.manager() else ("systemd-networkd.service",)
        stopped = [unit for unit in MASKED if not unit.endswith(".target") and self._runs(unit)] if self._live else []
        self._write(
            Record(
                links=_joined(record.links, map(str, wanted)),
                folders=_joined(self._missing_folders(wanted), record.folders),
                stopped=_joined(record.stopped, stopped),
                enabled=_joined(record.enabled, enabled),
            )
        )
        yield Step(
            "setup.manager", {"manager": (self._around.manager() or "systemd-networkd.service").partition(".")[0]}
        )
        for path, target in wanted.items():
            self._link(path, target)
            yield _laid(path, target)
        for unit in enabled:
            self._ask("systemctl", f"--root={self._root}", "enable", unit)
            yield Step("setup.enabled", {"unit": unit})
        if self._live and anew:
            yield from self._begin(stopped)

    def give_back(self) -> Iterator[Step]:
        """Take back all that `take` did; nothing where it is not taken over."""
        if not self._paths.network_taken.exists():
            yield Step("setup.not_taken", {})
            return
        record = self._record()
        if self._live:
            yield from self._end()
        for given in (*record.links, *map(str, self._wanted())):
            path = self._root / given
            if path.is_symlink() and self._is_ours(path.readlink()):
                path.unlink()
                yield Step("setup.removed", {"file": f"/{given}"})
        for given in record.folders:
            with contextlib.suppress(OSError):  # something of others has come to be in it
                (self._root / given).rmdir()
        for unit in record.enabled:
            self._ask("systemctl", f"--root={self._root}", "disable", unit)
            yield Step("setup.disabled", {"unit": unit})
        self._paths.network_taken.unlink()
        if self._live:
            yield from self._resume(record)

    # What is where.

    def _runs(self, unit: str) -> bool:
        return self._run(["systemctl", "--quiet", "is-active", unit]).returncode == 0

    def _wanted(self) -> dict[Path, Path]:
        """Every link, below the root prefix, and where it leads."""
        tree = self._root / TREE
        files = sorted(file.relative_to(tree) for file in tree.rglob("*") if file.is_symlink() or file.is_file())
        links = {Path("etc") / file: Path("/") / TREE / file for file in files}
        return links | {UNITS / unit: NOTHING for unit in MASKED if not self._is_masked_by_others(unit)}

    def _is_masked_by_others(self, unit: str) -> bool:
        """So it was before us, and so it stays after."""
        path = UNITS / unit
        return self._around.leads(path, NOTHING) and str(path) not in self._record().links

    def _missing_folders(self, paths: Iterable[Path]) -> list[str]:
        folders = {folder for path in paths for folder in path.parents if not self._exists(folder)}
        return sorted(map(str, folders), reverse=True)

    def _exists(self, path: Path) -> bool:
        full = self._root / path
        return full.is_symlink() or full.exists()

    @staticmethod
    def _is_ours(target: Path) -> bool:
        return target == NOTHING or target.is_relative_to(Path("/") / TREE)

    def _record(self) -> Record:
        try:
            return msgspec.json.decode(self._paths.network_taken.read_bytes(), type=readable(Record))
        except (FileNotFoundError, msgspec.DecodeError):
            return Record()

    # What is done.

    def _write(self, record: Record) -> None:
        ensure_folder(self._paths.network_taken.parent, 0o755)
        write_atomic(self._paths.network_taken, msgspec.json.encode(record), 0o644)

    def _link(self, path: Path, target: Path) -> None:
        full = self._root / path
        ensure_folder(full.parent, 0o755)
        full.symlink_to(target)

    def _ask(self, *argv: str) -> str:
        """The reason why not, or nothing."""
        done = self._run(argv)
        return "" if done.returncode == 0 else done.stderr.strip().partition("\n")[0]

    def _begin(self, stopped: Sequence[str]) -> Iterator[Step]:
        """Files first, then who reads them: with the filter in place before anything listens."""
        self._ask("systemctl", "daemon-reload")
        for unit in stopped:
            self._ask("systemctl", "stop", unit)
            yield Step("setup.stopped", {"unit": unit})
        self._ask("systemctl", "restart", "otpb-recover.service")
        self._ask("systemctl", "try-reload-or-restart", "otpb-edge.service")
        self._ask("systemctl", "try-reload-or-restart", "NetworkManager.service")
        if not self._runs("NetworkManager.service"):
            self._ask("systemctl", "start", "systemd-networkd.service")
        for unit in _TO_RESTART:
            self._ask("systemctl", "try-restart", unit)
        for unit in _OURS:
            if reason := self._ask("systemctl", "start", unit):
                yield Step("setup.failed", {"unit": unit, "reason": reason})
        self._ask("systemctl", "try-reload-or-restart", "otpb-network-manager.service")
        if self._runs("ssh.service") or self._runs("ssh.socket"):
            yield Step("setup.ssh_closed", {})
        yield Step("setup.restart", {})

    def _end(self) -> Iterator[Step]:
        # A modem is connected behind the filter, or not at all.
        for unit in ("otpb-dial.service", *reversed(_OURS)):
            self._ask("systemctl", "stop", unit)
        self._ask("nft", "delete", "table", "inet", "otpb")
        self._ask("ip", "rule", "delete", "priority", "8887")
        self._ask("ip", "address", "flush", "dev", "wlan0", "scope", "global")
        yield Step("setup.filter_gone", {})

    def _resume(self, record: Record) -> Iterator[Step]:
        (self._paths.run / "NetworkManager/system-connections/otpb-ethernet.nmconnection").unlink(missing_ok=True)
        self._ask("systemctl", "daemon-reload")
        self._ask("systemctl", "try-restart", "otpb-recover.service")
        self._ask("systemctl", "try-reload-or-restart", "otpb-edge.service")  # port 80 is others' again
        for unit in _TO_RESTART:
            self._ask("systemctl", "try-restart", unit)
        self._ask("systemctl", "try-restart", "NetworkManager.service")
        self._ask("systemctl", "start", "otpb-access.service")  # nobody joins any more: the passphrase goes
        for unit in record.stopped:
            self._ask("systemctl", "start", unit)
            yield Step("setup.started", {"unit": unit})
        yield Step("setup.restart", {})


def _joined(before: Sequence[str], more: "Iterator[str] | Sequence[str]") -> tuple[str, ...]:
    return tuple(dict.fromkeys([*before, *more]))


def _laid(path: Path, target: Path) -> Step:
    if target == NOTHING:
        return Step("setup.masked", {"unit": path.name})
    return Step("setup.linked", {"file": f"/{path}"})
