"""A program: the whole system as `scripts/run` has it, its doors behind a network edge that somebody else starts."""

import dataclasses
import sys

from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.store import Store
from otpbroker.services.supervisor import options, seed
from otpbroker.services.supervisor.__main__ import units
from otpbroker.services.supervisor.loop import Supervisor
from otpbroker.services.supervisor.readiness import Readiness
from otpbroker.system import log
from otpbroker.system.files import Paths, ensure_folder

BEHIND = ("api", "admin")


def main():
    given = options.parse(None)
    paths = Paths(given.root)
    for folder in (paths.run, paths.settings, paths.state):
        ensure_folder(folder)
    log.keep(ensure_folder(paths.log), "supervisor")
    user = seed.seed(paths, given)
    store = Store(paths)
    ready = Readiness(paths, store.load(ApiSection), store.load(PanelSection).port, user)
    found = [
        dataclasses.replace(unit, argv=[*unit.argv, "--edge"]) if unit.name in BEHIND else unit for unit in units(paths)
    ]
    return Supervisor(paths, found, ready.check).run()


if __name__ == "__main__":
    sys.exit(main())
