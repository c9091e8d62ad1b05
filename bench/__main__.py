"""Compares OTP Broker with gammu-smsd, smstools and ModemManager on the same simulated modems.

Every peer gets the configuration that we found fastest, OTP Broker its defaults with delivery reports and a state on
disk (see bench/<system>.py). Rounds are interleaved. Its door to RabbitMQ is measured with a server that the bench
starts, beside a consumer of that server that does nothing.
Throughput is what reaches the modems; `of N/latency` divides it by what N modems can take. Without options it
takes about forty minutes.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from bench import panel
from bench.bare import Bare
from bench.bare_amqp import BareAmqp
from bench.contender import Contender
from bench.gammu import Gammu
from bench.modemmanager import ModemManager
from bench.ours import Ours
from bench.ours_amqp import OursAmqp, OursAmqpSteady
from bench.plan import FULL, QUICK, Bench
from bench.processes import Children
from bench.report import as_json, as_table
from bench.smstools import Smstools

CONTENDERS: dict[str, type[Contender]] = {
    "ours": Ours,
    "amqp": OursAmqp,
    "amqp-replies": OursAmqpSteady,
    "modemmanager": ModemManager,
    "smstools": Smstools,
    "gammu": Gammu,
    "bare": Bare,
    "bare-amqp": BareAmqp,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="1 and 16 modems, one short round: under 5 minutes")
    parser.add_argument("--json", action="store_true", help="JSON on standard output instead of the table")
    parser.add_argument(
        "--only",
        default=",".join(CONTENDERS),
        metavar="A,B",
        help=f"of {','.join(CONTENDERS)}; or panel: its pages, with much to show",
    )
    parser.add_argument("--profile", action="store_true", help="only show where OTP Broker's time goes at 16 x 0 ms")
    parser.add_argument("--packages", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only == "panel":
        return 0 if arguments.packages else time_panel(quick=arguments.quick)
    if unknown := set(arguments.only.split(",")) - CONTENDERS.keys():
        parser.error(f"unknown system: {', '.join(sorted(unknown))}")
    chosen = [CONTENDERS[name] for name in arguments.only.split(",")]
    if arguments.packages:
        for package in sorted({package for kind in chosen for package in kind.packages}):
            print(package)
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Children() as children:
        bench = Bench(children, QUICK if arguments.quick else FULL, chosen)
        if arguments.profile:
            bench.profile()
            return 0
        results = bench.run()
    print(as_json(results) if arguments.json else as_table(results))
    return 1 if results.failures or results.exactness else 0


def time_panel(*, quick: bool) -> int:
    """1 where a page is slower than it may be."""
    with Children() as children, tempfile.TemporaryDirectory(prefix="otpb-bench-") as folder:
        pages = panel.run(children, Path(folder), 20 if quick else 100)
    print(panel.as_table(pages))
    return int(any(page.p95_ms > panel.MOST_MS for page in pages))


if __name__ == "__main__":
    sys.exit(main())
