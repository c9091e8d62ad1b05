"""`scripts/brochure`: the sheet of a device that is there already."""

import argparse
import sys
from pathlib import Path

from image.flashing import options, sheet
from image.flashing.words import FlashError, language, say
from otpbroker.firstboot.card import Card
from otpbroker.secrets import Secret


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/brochure", description="Prints the sheet that goes with a device: one A4 page, to fold."
    )
    options.add(parser, required=True)
    parser.add_argument("--address", type=options.address, default=options.ADDRESS, help="default: %(default)s")
    parser.add_argument("--out", type=Path, default=options.OUT, metavar="FILE.pdf", help="default: %(default)s")
    given = parser.parse_args()
    try:
        card = options.checked(
            Card(ssid=given.ssid, passphrase=options.secret(given.passphrase), reset_text=Secret(given.reset_text))
        )
        options.keep(given.out, sheet.pdf(options.device(card, given.address)))
    except FlashError as error:
        print(say(error.key, language(), **error.params), file=sys.stderr)
        return 1
    print(given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
