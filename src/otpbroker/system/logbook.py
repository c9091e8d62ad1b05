"""What the services have logged: from the files of `otpbroker.system.log`, or from systemd's journal."""

import heapq
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from otpbroker.system import command
from otpbroker.system.files import Paths
from otpbroker.system.log import before, printable

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
JOURNAL_LINES: Final = 5000
_JOURNAL_S: Final = 10.0
_UNIT: Final = "otpb-"
_BY_PRIORITY: Final = ("CRITICAL", "CRITICAL", "CRITICAL", "ERROR", "WARNING", "INFO", "INFO", "DEBUG")  # sd-daemon(3)


class LogLine(NamedTuple):
    """`at` is Unix seconds."""

    at: float
    service: str
    level: str
    text: str


class Wanted(NamedTuple):
    """`service` empty: all of them. `part`: what the text has, in any case."""

    service: str = ""
    levels: Sequence[str] = LEVELS
    part: str = ""

    def matches(self, line: LogLine) -> bool:
        right = self.service in ("", line.service) and line.level in self.levels
        return right and self.part.casefold() in line.text.casefold()


ALL: Final = Wanted()


class LogSource(Protocol):
    def services(self) -> list[str]:
        """Those that may have said something."""

    def newest(self, wanted: Wanted = ALL) -> Iterator[LogLine]:
        """The newest first."""


def found(paths: Paths) -> LogSource | None:
    """Where this system's log can be read."""
    if paths.log.is_dir():
        return Folder(paths.log)
    return Journal() if shutil.which("journalctl") else None


class Folder:
    """The files that `scripts/run` has the services keep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def services(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("*.log"))

    def newest(self, wanted: Wanted = ALL) -> Iterator[LogLine]:
        names = [each for each in self.services() if wanted.service in ("", each)]
        return heapq.merge(*(self._of(each, wanted) for each in names), key=lambda line: line.at, reverse=True)

    def _of(self, service: str, wanted: Wanted) -> Iterator[LogLine]:
        path = self._folder / f"{service}.log"
        for each in (path, before(path)):
            for line in _likely(reversed(_lines(each)), wanted):
                parsed = kept_line(service, line)
                if parsed is not None and wanted.matches(parsed):
                    yield parsed


def _likely(lines: Iterable[str], wanted: Wanted) -> Iterable[str]:
    """Those that may be wanted, found out sooner than by taking each apart."""
    if wanted.levels != LEVELS:
        marks = [f" {level} " for level in wanted.levels]
        lines = (line for line in lines if any(mark in line for mark in marks))
    if wanted.part:
        part = wanted.part.casefold()
        lines = (line for line in lines if part in line.casefold())
    return lines


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").split("\n")
    except OSError:
        return []


def kept_line(service: str, line: str) -> LogLine | None:
    """One line of a file; None for half a line."""
    stamp, _, rest = line.partition(" ")
    try:
        at = float(stamp)
    except ValueError:
        return None
    level, _, text = rest.partition(" ")
    return LogLine(at, service, level, _shorter(service, text)) if level in LEVELS else None


def _shorter(service: str, text: str) -> str:
    """Without the name of who speaks where that is the service itself, or all of us."""
    return text.removeprefix(f"{service}: ").removeprefix("otpbroker.")


class Journal:
    """systemd's journal (journalctl(1)), which lets its group read it."""

    def services(self) -> list[str]:
        argv = ["journalctl", "--field=_SYSTEMD_UNIT", "--no-pager"]
        names = (service_of(unit) for unit in _output(argv).splitlines())
        return sorted({name for name in names if name})

    def newest(self, wanted: Wanted = ALL) -> Iterator[LogLine]:
        lines = (journal_line(line) for line in _output(journal_argv(wanted.service)).splitlines())
        return (line for line in lines if line is not None and wanted.matches(line))


def journal_argv(service: str) -> Sequence[str]:
    """`service` is one of `Journal.services`, or empty for all."""
    unit = f"{_UNIT}{service.replace('feeder-', 'feeder@')}.service" if service else f"{_UNIT}*"
    return [
        "journalctl",
        "--output=json",
        "--output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT",
        "--no-pager",
        "--reverse",
        f"--lines={JOURNAL_LINES}",
        f"--unit={unit}",
    ]


def _output(argv: Sequence[str]) -> str:
    try:
        return command.run(argv, timeout_s=_JOURNAL_S).stdout
    except OSError:
        return ""


def service_of(unit: str) -> str:
    """`otpb-feeder@amqp.service` is `feeder-amqp`; empty where the unit is none of ours."""
    name, _, kind = unit.rpartition(".")
    return name.removeprefix(_UNIT).replace("@", "-") if kind == "service" and name.startswith(_UNIT) else ""


def journal_line(line: str) -> LogLine | None:
    """One line of `journalctl --output=json`; None for what is not of our services, or not readable."""
    try:
        entry: dict[str, Any] = json.loads(line)
        at = int(entry["__REALTIME_TIMESTAMP"]) / 1_000_000
        service = service_of(str(entry["_SYSTEMD_UNIT"]))
        priority = int(entry.get("PRIORITY", 6))
    except (ValueError, KeyError, TypeError):
        return None
    if not service:
        return None
    level, _, text = (message := _message(entry.get("MESSAGE"))).partition(" ")
    if level not in LEVELS:  # what others say of it, systemd itself for one
        level, text = _BY_PRIORITY[priority] if 0 <= priority < len(_BY_PRIORITY) else "INFO", message
    return LogLine(at, service, level, _shorter(service, text))


def _message(given: Any) -> str:
    """Text, or octets as numbers where it is not all text; null where it was too long to be shown."""
    if isinstance(given, list):
        return printable(bytes(octet & 0xFF for octet in given if isinstance(octet, int)).decode(errors="replace"))
    return printable(str(given)) if given is not None else ""
