"""otpb-firstboot: takes over the boot partition's file and makes what this device alone has. Runs once and ends."""

import sys
from collections.abc import Mapping
from pathlib import Path

from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.errors import BrokerError
from otpbroker.firstboot import taking
from otpbroker.firstboot.places import places
from otpbroker.secrets import Secret
from otpbroker.system import log, options
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import Problem, SetSection


class Saving:
    """Nobody runs yet who could do it: the settings are written here, and their readers start afterwards."""

    def __init__(self, paths: Paths) -> None:
        self._settings = Settings(paths, NobodyRuns())

    def __call__(self, section: str, values: Mapping[str, Secret]) -> list[Problem]:
        return self._settings.call(SetSection(section=section, values=dict(values))).problems


class Options(options.Options, frozen=True):
    """`boot` is the boot partition; the one that is mounted where it is not given."""

    boot: Path | None = None


def main() -> int:
    """The exit status: 1 where the disk refuses."""
    given = options.read(Options)
    logger = log.start("firstboot")
    there = places(given.root, given.boot)
    try:
        taking.take_over(there, Saving(there.paths))
    except (BrokerError, OSError) as error:
        logger.error("the disk refuses: %s", error)  # noqa: TRY400 - it needs no traceback
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
