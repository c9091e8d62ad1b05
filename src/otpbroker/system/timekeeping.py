"""Where this machine's time comes from, as far as files tell: nothing is asked, nothing needs rights."""

from pathlib import Path
from typing import Final

from msgspec import Struct

from otpbroker.system.synchrony import FLAG, is_synchronised

_RTC: Final = Path("sys/class/rtc/rtc0")


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


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
