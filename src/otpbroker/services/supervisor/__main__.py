"""The whole system in the foreground: what `scripts/run` starts."""

import logging
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection, ApiUsersSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.services.supervisor import options, seed
from otpbroker.services.supervisor.loop import Supervisor
from otpbroker.services.supervisor.readiness import Readiness
from otpbroker.services.supervisor.unit import Unit, Wave
from otpbroker.system import log
from otpbroker.system.files import Paths, ensure_folder, locked
from otpbroker.texts import translate
from otpbroker.verbs.feeders import FEEDERS


def main(argv: Sequence[str] | None = None) -> int:
    """Run until a signal. Exit status: 0 drained, 1 could not start, 2 usage."""
    given = options.parse(argv)
    logger = log.start("supervisor", logging.INFO)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    paths = Paths(given.root)
    try:
        ensure_folder(paths.run)
        with locked(paths.run / "lock", wait=False) as lock:
            os.ftruncate(lock, 0)
            os.write(lock, str(os.getpid()).encode())
            log.keep(ensure_folder(paths.log), "supervisor")
            return _run(paths, given, logger)
    except BlockingIOError:
        holder = (paths.run / "lock").read_text().strip()
        logger.error("%s is in use by another scripts/run (process %s)", paths.root, holder)  # noqa: TRY400 - plain words
    except BrokerError as error:
        logger.error("%s", translate(error.key, error.params))  # noqa: TRY400 - plain words
    except OSError as error:
        logger.error("%s: %s", error.filename or paths.root, error.strerror)  # noqa: TRY400 - plain words
    return 1


def _run(paths: Paths, given: options.Options, logger: logging.Logger) -> int:
    user: tuple[str, Secret | None] | None
    if seed.is_fresh(paths):
        user = seed.seed(paths, given)
    else:
        logger.info("%s has settings and keeps them; options that seed are not used", paths.root)
        users = Store(paths).load(ApiUsersSection).api_users
        user = next(((user.username, None) for user in users if user.active and not user.blocked), None)
    for folder in (paths.settings, paths.state):
        ensure_folder(folder)
    store = Store(paths)
    readiness = Readiness(paths, store.load(ApiSection), store.load(PanelSection).port, user)
    return Supervisor(paths, units(paths), readiness.check).run()


def units(paths: Paths) -> list[Unit]:
    """The services in the order of their start."""
    simulated = seed.simulated_count(paths)
    found = [_unit(paths, Wave.GROUND, "apply"), _unit(paths, Wave.GROUND, "network")]
    if simulated:
        links = seed.simulator_folder(paths)
        argv = _argv("simulator", "--count", simulated, "--links", links)
        found.append(Unit("simulator", argv, Wave.GROUND))
    found.append(_unit(paths, Wave.LISTENERS, "notifier", "--allow-loopback"))
    found.append(_unit(paths, Wave.LISTENERS, "ddns", "--allow-loopback"))
    found.append(_unit(paths, Wave.LISTENERS, "acme", "--allow-loopback"))
    needed = "simulator" if simulated else ""
    found.append(Unit("dispatch", _argv("dispatch", "--root", paths.root), Wave.WORKERS, needed))
    found.append(_unit(paths, Wave.WORKERS, "mail"))
    found.append(_unit(paths, Wave.DOORS, "api"))
    found.append(_unit(paths, Wave.DOORS, "admin"))
    found.extend(
        Unit(f"feeder-{door}", _argv("feeder", "--root", paths.root, "--door", door), Wave.DOORS, "dispatch")
        for door in FEEDERS
    )
    return found


def _unit(paths: Paths, wave: Wave, service: str, *arguments: str) -> Unit:
    return Unit(service, _argv(service, "--root", paths.root, *arguments), wave)


def _argv(service: str, *arguments: str | int | Path) -> list[str]:
    return [sys.executable, "-m", f"otpbroker.services.{service}", *map(str, arguments)]


if __name__ == "__main__":
    sys.exit(main())
