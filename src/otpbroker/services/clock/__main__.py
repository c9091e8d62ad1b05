"""otpb-clock: sets the clock by the network's time of a modem, where neither time server, RTC nor a person has. It ends
when that is done, or nobody needs it any more.
"""

import sys
from collections.abc import Sequence

from otpbroker.clients.apply import ApplyClient
from otpbroker.clients.dispatch import DispatchClient
from otpbroker.services.clock.seeking import Seeking
from otpbroker.system import log, options, timekeeping


def main(argv: Sequence[str] | None = None) -> int:
    paths = options.read(options.Options, argv).paths
    log.start("clock")
    dispatch, apply = DispatchClient(paths.socket("dispatch")), ApplyClient(paths)
    Seeking(dispatch, apply, lambda: timekeeping.is_unknown(paths)).run()
    dispatch.close()
    apply.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
