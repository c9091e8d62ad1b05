"""otpb-access: shows how to get in, or takes that away, by whether there is an administrator. Runs once and ends."""

import contextlib
import sys
from pathlib import Path
from typing import Final

from otpbroker.firstboot import access
from otpbroker.firstboot.places import places
from otpbroker.system import command, log, options

_RELOAD: Final = ("/usr/sbin/agetty", "--reload")
_RELOAD_S: Final = 5.0


class Options(options.Options, frozen=True):
    """`boot` is the boot partition; the one that is mounted where it is not given."""

    boot: Path | None = None


def main() -> int:
    """The exit status: 1 where the disk refuses. A console that shows something else now says so at once, where there
    is one.
    """
    given = options.read(Options)
    logger = log.start("access")
    try:
        changed = access.converge(places(given.root, given.boot))
    except OSError as error:
        logger.error("the disk refuses: %s", error.strerror)  # noqa: TRY400 - it needs no traceback
        return 1
    if changed:
        with contextlib.suppress(OSError, TimeoutError):
            command.run(_RELOAD, timeout_s=_RELOAD_S)
    return 0


if __name__ == "__main__":
    sys.exit(main())
