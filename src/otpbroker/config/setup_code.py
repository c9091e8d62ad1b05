"""The set-up code of a device that nobody can join by radio: whoever holds the device can read it, and makes the first
administrator with it over Ethernet. `otpbroker.firstboot` makes it, and takes it away.
"""

from pathlib import Path
from typing import Final

from otpbroker.secrets import Secret
from otpbroker.system import wiping
from otpbroker.system.files import Paths

LONGEST: Final = 64


def path(paths: Paths) -> Path:
    """Readable by root alone; that it is there is no secret."""
    return paths.factory / "setup-code"


def is_asked(paths: Paths) -> bool:
    """Whether there is one."""
    return path(paths).exists()


def is_right(paths: Paths, typed: Secret) -> bool:
    """Whether it was typed, in whatever way; takes as long for any wrong one. What cannot be read is never right."""
    try:
        kept = wiping.read(path(paths), LONGEST) or b""
    except OSError:
        return False
    made = _plain(kept.decode(errors="replace"))
    return bool(made) and Secret(_plain(typed.reveal())) == Secret(made)


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code)).upper()
