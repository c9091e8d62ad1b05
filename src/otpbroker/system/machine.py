"""How the machine fares: processor, memory, storage, temperature, power. What a machine does not tell is None.

Everything is read from `/proc` and `/sys` below a root prefix: no program is started, nothing needs rights.
"""

import os
from pathlib import Path
from typing import Final

from msgspec import Struct

_MIB: Final = 1024 * 1024
# The firmware's word on power and heat (vcgencmd get_throttled): now, and 16 bits higher since the machine started.
UNDER_VOLTAGE: Final = 0x1
CAPPED: Final = 0x2
THROTTLED: Final = 0x4
HOT: Final = 0x8
_SINCE_START: Final = 16
_THERMAL: Final = ("cpu-thermal", "cpu_thermal", "soc-thermal", "x86_pkg_temp")  # the first that there is


class Reading(Struct, frozen=True, kw_only=True):
    """Shares are 0 to 1; memory and storage in MiB. `cpu` is the share of the time since the reading before, None for
    the first. `power` holds the firmware's bits of now, `power_before` those since the machine started.
    """

    model: str = ""
    kernel: str = ""
    cores: int = 1
    uptime_s: float | None = None
    cpu: float | None = None
    load: tuple[float, float, float] | None = None
    memory_mib: int | None = None
    memory_free_mib: int | None = None
    storage_mib: int | None = None
    storage_free_mib: int | None = None
    temperature_c: float | None = None
    power: int | None = None
    power_before: int | None = None

    @property
    def memory_used(self) -> float | None:
        return _used(self.memory_mib, self.memory_free_mib)

    @property
    def storage_used(self) -> float | None:
        return _used(self.storage_mib, self.storage_free_mib)


class Machine:
    """Read by one thread. `storage` is a folder on the file system to watch."""

    def __init__(self, storage: Path, root: Path = Path("/")) -> None:
        self._proc = root / "proc"
        self._sys = root / "sys"
        self._storage = storage
        self._ticks: tuple[int, int] | None = None
        self._thermal = self._thermal_zone()
        self._throttled = next(iter(sorted((self._sys / "devices/platform").glob("*/*firmware/get_throttled"))), None)
        self._low_voltage = self._power_alarm()
        self._model = _text(self._proc / "device-tree/model").rstrip("\0\n")

    def read(self) -> Reading:
        memory = self._memory()
        storage_mib, storage_free_mib = self._space()
        power, power_before = self._power()
        return Reading(
            model=self._model,
            kernel=_text(self._proc / "sys/kernel/osrelease").strip(),
            cores=os.cpu_count() or 1,
            uptime_s=_number(_first(_text(self._proc / "uptime"))),
            cpu=self._cpu(),
            load=self._load(),
            memory_mib=memory.get("MemTotal"),
            memory_free_mib=memory.get("MemAvailable"),
            storage_mib=storage_mib,
            storage_free_mib=storage_free_mib,
            temperature_c=self._temperature(),
            power=power,
            power_before=power_before,
        )

    def _cpu(self) -> float | None:
        """proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user already."""
        words = _text(self._proc / "stat").partition("\n")[0].split()[1:9]
        if len(words) < 5 or not all(word.isdigit() for word in words):
            return None
        ticks = [int(word) for word in words]
        before, self._ticks = self._ticks, (sum(ticks), ticks[3] + ticks[4])
        if before is None or self._ticks[0] <= before[0]:
            return None
        idle = (self._ticks[1] - before[1]) / (self._ticks[0] - before[0])
        return min(1.0, max(0.0, 1.0 - idle))

    def _load(self) -> tuple[float, float, float] | None:
        words = [_number(word) for word in _text(self._proc / "loadavg").split()[:3]]
        if len(words) < 3 or None in words:
            return None
        one, five, fifteen = (word or 0.0 for word in words)
        return one, five, fifteen

    def _memory(self) -> dict[str, int]:
        """`/proc/meminfo` in MiB; the lines without a unit are left out."""
        rows = (line.split() for line in _text(self._proc / "meminfo").splitlines())
        return {row[0].rstrip(":"): int(row[1]) // 1024 for row in rows if len(row) == 3 and row[1].isdigit()}

    def _space(self) -> tuple[int | None, int | None]:
        try:
            found = os.statvfs(self._storage)
        except OSError:
            return None, None
        reserved = found.f_bfree - found.f_bavail
        return (found.f_blocks - reserved) * found.f_frsize // _MIB, found.f_bavail * found.f_frsize // _MIB

    def _thermal_zone(self) -> Path | None:
        zones = sorted((self._sys / "class/thermal").glob("thermal_zone*"))
        by_type = {_text(zone / "type").strip(): zone / "temp" for zone in reversed(zones)}
        known = [by_type[name] for name in _THERMAL if name in by_type]
        return next(iter([*known, *(zone / "temp" for zone in zones)]), None)

    def _temperature(self) -> float | None:
        value = None if self._thermal is None else _number(_text(self._thermal).strip())
        return None if value is None else value / 1000

    def _power_alarm(self) -> Path | None:
        """The low-voltage sensor of a Raspberry Pi (rpi_volt), where the firmware's own word cannot be read."""
        for sensor in sorted((self._sys / "class/hwmon").glob("hwmon*")):
            if _text(sensor / "name").strip() == "rpi_volt":
                return sensor / "in0_lcrit_alarm"
        return None

    def _power(self) -> tuple[int | None, int | None]:
        try:
            bits = None if self._throttled is None else int(_text(self._throttled).strip(), 16)
        except ValueError:
            bits = None
        if bits is not None:
            return bits & 0xF, bits >> _SINCE_START & 0xF
        alarm = "" if self._low_voltage is None else _text(self._low_voltage).strip()
        return (UNDER_VOLTAGE if alarm == "1" else 0, None) if alarm in ("0", "1") else (None, None)


def _used(whole: int | None, free: int | None) -> float | None:
    return 1.0 - free / whole if whole and free is not None else None


def _text(path: Path) -> str:
    """A small file of the kernel; empty where there is none or it refuses."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _first(text: str) -> str:
    return text.partition(" ")[0]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
