"""otpb-firstboot: runs once and ends. Without an option it takes over the boot partition's file and makes what this
device alone has; with `--access` it shows how to get in, or takes that away, by whether there is an administrator.
"""

import argparse
import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.errors import BrokerError
from otpbroker.firstboot import access, taking
from otpbroker.firstboot.places import Places, places
from otpbroker.secrets import Secret
from otpbroker.system import command, log
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import Problem, SetSection

_RELOAD: Final = ("/usr/sbin/agetty", "--reload")
_RELOAD_S: Final = 5.0


class Saving:
    """Nobody runs yet who could do it: the settings are written here, and their readers start afterwards."""

    def __init__(self, paths: Paths) -> None:
        self._settings = Settings(paths, NobodyRuns())

    def __call__(self, section: str, values: Mapping[str, Secret]) -> list[Problem]:
        try:
            return self._settings.call(SetSection(section=section, values=dict(values))).problems
        except BrokerError as error:
            return [Problem(path=section, key=error.key, params=error.params)]


def _show_access(places: Places) -> None:
    """A console that shows something else now says so at once, where there is one."""
    if access.converge(places):
        with contextlib.suppress(OSError, TimeoutError):
            command.run(_RELOAD, timeout_s=_RELOAD_S)


def main() -> int:
    """The exit status: 1 where the disk refuses."""
    parser = argparse.ArgumentParser(prog="otpb-firstboot", description="Makes this device one of its own.")
    parser.add_argument("--root", type=Path, default=Path("/"), help="root prefix")
    parser.add_argument("--boot", type=Path, help="boot partition (default: the one that is mounted)")
    parser.add_argument("--access", action="store_true", help="show how to get in while there is no administrator")
    options = parser.parse_args()
    logger = log.start("firstboot")
    there = places(options.root, options.boot)
    try:
        if options.access:
            _show_access(there)
        else:
            taking.take_over(there, Saving(there.paths))
    except OSError as error:
        logger.error("the disk refuses: %s", error.strerror)  # noqa: TRY400 - it needs no traceback
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
