"""Simulated modems on ptys until SIGTERM: `--count N --links DIR [--set KNOB=VALUE]…`."""

import argparse
import json
import signal
from pathlib import Path

from otpbroker.simulator.fleet import SimulatedModems
from otpbroker.system.notify import Notifier


def main() -> None:
    parser = argparse.ArgumentParser(prog="otpbroker.services.simulator", description=__doc__)
    parser.add_argument("--count", type=int, default=2, help="how many modems")
    parser.add_argument("--links", type=Path, required=True, help="folder for the links modem0… and control.sock")
    parser.add_argument("--set", action="append", default=[], metavar="KNOB=VALUE", help="a knob of all modems")
    parser.add_argument("--sockets", action="store_true", help="Unix sockets abstract:DIR/modem0…, no ptys")
    arguments = parser.parse_args()
    knobs = dict(map(_knob, arguments.set))
    modems = SimulatedModems(arguments.count, arguments.links, sockets=arguments.sockets, **knobs)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: modems.stop())
    modems.open()
    Notifier().ready()
    try:
        modems.run()
    finally:
        modems.close()


def _knob(setting: str) -> tuple[str, object]:
    name, _, value = setting.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


if __name__ == "__main__":
    main()
