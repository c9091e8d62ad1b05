"""What otpb-edge.service looks at before nginx reads its configuration anew: a port that somebody else has would make
it keep the old one, and tell nobody. Exit status 1 where one is not to be had; the service manager is told which.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from otpbroker.system import ports
from otpbroker.system.notify import Notifier
from otpbroker.texts import translate

_LISTEN: Final = re.compile(r'^\s*listen "?(?:\[::\]:)?(\d+)', re.MULTILINE)  # as otpbroker.network writes them


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="otpb-edge", description="Look whether nginx will get its ports.")
    parser.add_argument("config", type=Path, help="nginx.conf")
    parser.add_argument("pid", type=int, help="of nginx, which has some of them already")
    given = parser.parse_args(argv)
    wanted = set(map(int, _LISTEN.findall(given.config.read_text(encoding="utf-8"))))
    taken = sorted(port for port in wanted - ports.held_by(given.pid) if not ports.is_free(port))
    refusal = translate("edge.port_taken", {"port": taken[0]}) if taken else ""
    Notifier().reloaded(refusal)
    if refusal:
        sys.stderr.write(f"{refusal}\n")
    return 1 if refusal else 0


if __name__ == "__main__":
    sys.exit(main())
