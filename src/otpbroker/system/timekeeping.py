"""Where this machine's time comes from, as far as files tell: nothing is asked, nothing needs rights."""

from pathlib import Path
from typing import Final

from msgspec import Struct

from otpbroker.system.files import Paths
from otpbroker.system.synchrony import FLAG, is_synchronised

_RTC: Final = Path("sys/class/rtc/rtc0")
_EARLIEST_S: Final = 1_767_225_600.0  # 2026-01-01
_LASTS_S: Final = 25 * 365.25 * 86_400


class Timekeeping(Struct, frozen=True, kw_only=True):
    """`synchronised`: a time server has set the clock, and at `last` (Unix seconds, None where nobody tells) was asked
    last. `rtc` names the clock with a battery, empty where there is none; it says `rtc_s`.
    """

    synchronised: bool
    last: float | None = None
    rtc: str = ""
    rtc_s: float | None = None


def read(root: Path = Path("/")) -> Timekeeping:
    flag = root / FLAG.relative_to("/")
    try:
        last = flag.stat().st_mtime
    except OSError:
        last = None
    seconds = _text(root / _RTC / "since_epoch")
    return Timekeeping(
        synchronised=is_synchronised(flag),
        last=last,
        rtc=_text(root / _RTC / "name").partition(" ")[0],
        rtc_s=float(seconds) if seconds.isdecimal() else None,
    )


def is_plausible(unix_s: float) -> bool:
    """Not before this program was built, nor long after anybody will use it: modems that nobody has told the time say
    1980 or 2004, which their two digits make 2080.
    """
    return _built_s() <= unix_s <= _built_s() + _LASTS_S


def is_unknown(paths: Paths) -> bool:
    """Whether neither a time server nor a clock with a battery nor a person has told this machine the time."""
    kept = read(paths.root)
    has_rtc = kept.rtc_s is not None and is_plausible(kept.rtc_s)
    return not (kept.synchronised or has_rtc or paths.clock_set.exists())


def _built_s() -> float:
    """The package's files are as old as the package."""
    return max(_EARLIEST_S, Path(__file__).stat().st_mtime)


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
