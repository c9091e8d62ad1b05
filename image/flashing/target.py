"""What is to be written: a card, or a file. What must not be written is found out before."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image.flashing.words import FlashError

_SECTOR: Final = 512
_CARDS: Final = "SD"  # what the kernel calls a card in a slot of its own; a chip on the board is MMC


@dataclass(frozen=True, slots=True)
class Target:
    """`size` in octets is that of a device, None of a file, which grows. `users` are those who have it open: mount
    points, swap, what is built on it. `whole` names the disk that it is a partition of.
    """

    path: Path
    is_device: bool
    exists: bool = True
    size: int | None = None
    model: str = ""
    removable: bool = True
    users: tuple[str, ...] = ()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Kernel:
    """What Linux tells of block devices."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")


def refusal(target: Target, needed: int | None, *, force: bool) -> FlashError | None:
    """Why it is not written; `force` is for disks that do not say that they can be taken out."""
    name = str(target.path)
    if target.whole:
        return FlashError("flash.partition", target=name, whole=target.whole)
    if target.users:
        return FlashError("flash.busy", target=name, by=", ".join(target.users))
    if not target.removable and not force:
        return FlashError("flash.fixed", target=name, what=target.model or "disk")
    return too_small(target, needed) if needed is not None else None


def too_small(target: Target, needed: int) -> FlashError | None:
    if target.size is not None and needed > target.size:
        return FlashError("flash.too_small", target=str(target.path), size=told(target.size), needed=told(needed))
    return None


def told(octets: int) -> str:
    """As cards are sold: decimal."""
    return f"{octets / 1e9:.1f} GB" if octets >= 1e9 else f"{octets / 1e6:.0f} MB"


def target(path: Path, kernel: Kernel | None = None) -> Target:
    """Raises `FlashError` for what is neither a disk nor a file."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return Target(path, is_device=False, exists=False)
    except OSError as error:
        raise FlashError("flash.refused", target=str(path), reason=error.strerror or "") from None
    if stat.S_ISREG(facts.st_mode):
        return Target(path, is_device=False)
    if not stat.S_ISBLK(facts.st_mode):
        raise FlashError("flash.strange", target=str(path))
    return _device(path, f"{os.major(facts.st_rdev)}:{os.minor(facts.st_rdev)}", kernel or Kernel())


def _device(path: Path, number: str, kernel: Kernel) -> Target:
    disk = (kernel.sys / "dev/block" / number).resolve()
    if (disk / "partition").exists():
        return Target(path, is_device=True, whole=f"/dev/{disk.parent.name}")
    parts = [disk, *(each.parent for each in sorted(disk.glob("*/partition")))]
    card = _line(disk / "device/type") == _CARDS
    return Target(
        path,
        is_device=True,
        size=int(_line(disk / "size") or 0) * _SECTOR,
        model=" ".join(filter(None, (_line(disk / "device/vendor"), _line(disk / "device/model")))) or disk.name,
        removable=card or _line(disk / "removable") == "1",
        users=tuple(user for part in parts for user in _users(part, kernel)),
    )


def _users(part: Path, kernel: Kernel) -> list[str]:
    number = _line(part / "dev")
    mounts = [line.split() for line in _lines(kernel.proc / "self/mountinfo")]
    swaps = [Path(line.split()[0]).name for line in _lines(kernel.proc / "swaps")[1:]]
    holders = sorted(each.name for each in (part / "holders").glob("*"))
    return [
        *(words[4] for words in mounts if len(words) > 4 and words[2] == number),
        *(["swap"] if part.name in swaps else []),
        *holders,
    ]


def _line(path: Path) -> str:
    lines = _lines(path)
    return lines[0].strip() if lines else ""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
