"""otpb-restart@services, otpb-restart@device: the restart that settings ask for, if its time has come. Runs once."""

import datetime as dt
import sys
import time
from collections.abc import Sequence

from otpbroker.clients.apply import ApplyClient
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.network import restarts
from otpbroker.system import clock, log, options
from otpbroker.texts import translate
from otpbroker.verbs.apply import Restart, Restartable
from otpbroker.verbs.audit import SCHEDULE


class Options(options.Options, frozen=True):
    what: Restartable


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 1 where it was refused."""
    given = options.read(Options, argv)
    logger = log.start("restart")
    general = Store(given.paths).load(GeneralSection)
    now = dt.datetime.fromtimestamp(clock.wall_s(), clock.zone(general.time_zone))
    up_s = time.clock_gettime(time.CLOCK_BOOTTIME)
    if not restarts.is_due(restarts.when(general, given.what), now, up_s):
        logger.info("no restart: the clock was set, or the device has just started")
        return 0
    client = ApplyClient(given.paths)
    try:
        client.call(Restart(what=given.what, by=SCHEDULE))
    except BrokerError as error:
        logger.error("no restart: %s", translate(error.key, error.params))  # noqa: TRY400 - it needs no traceback
        return 1
    finally:
        client.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
