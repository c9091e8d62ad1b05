"""`scripts/flash`: an image onto a card, what this one device is to be called, and its sheet of paper."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image.flashing import carding, options, sheet, writing
from image.flashing.source import Image, image
from image.flashing.target import Target, refusal, target, told
from image.flashing.words import FlashError, language, say
from otpbroker.firstboot import made
from otpbroker.firstboot.card import Card
from otpbroker.secrets import Secret

_YES: Final = ("y", "yes", "ya")


def main() -> int:
    given = _parser().parse_args()
    try:
        _flash(given)
    except FlashError as error:
        print(say(error.key, language(), **error.params), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/flash",
        description="Writes an image to a card (or to a file), reads it back, and puts otpbroker.yaml on its boot "
        "partition: the device takes that over when it starts first. What is not given is made. Exit status: 0 done, "
        "1 refused or failed, 2 wrong usage.",
    )
    parser.add_argument("image", type=Path, metavar="IMAGE", help=".img or .img.xz")
    parser.add_argument("target", type=Path, metavar="DEVICE|FILE", help="such as /dev/sdb; a file is made")
    options.add(parser, required=False)
    parser.add_argument(
        "--country", default="", help="two letters: which Wi-Fi channels are allowed (device's own: ID)"
    )
    parser.add_argument("--language", default="", choices=("", "id", "en"), metavar="id|en", help="of its pages")
    parser.add_argument("--brochure", type=Path, metavar="FILE.pdf", help="also print the sheet that goes with it")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    parser.add_argument("--force", action="store_true", help="also write a disk that does not say it is removable")
    return parser


def _flash(given: argparse.Namespace) -> None:
    """All that can be refused is, before anything is written. Raises `FlashError`."""
    card = options.checked(
        Card(
            ssid=given.ssid or made.ssid(),
            passphrase=options.secret(given.passphrase) or made.passphrase(),
            country=given.country,
            language=given.language,
            reset_text=Secret(given.reset_text),
        )
    )
    device = options.device(card)
    brochure = sheet.pdf(device) if given.brochure else b""
    source, goal = image(given.image), target(given.target)
    _may(source, goal, given)
    if given.brochure:
        options.keep(given.brochure, brochure)
    digest = writing.write(source, goal, Progress())
    carding.put(goal.path, card)
    print(say("flash.done", language(), target=str(goal.path), digest=digest))
    facts = {
        "told.network": device.ssid,
        "told.passphrase": device.passphrase.reveal(),
        "told.address": device.url,
        "told.reset_text": device.reset_text.reveal(),
    }
    if given.brochure:
        facts["told.brochure"] = str(given.brochure)
    for key, value in facts.items():
        print(f"  {say(key, language())}: {value}")


def _may(source: Image, goal: Target, given: argparse.Namespace) -> None:
    if goal.exists and source.path.samefile(goal.path):
        raise FlashError("flash.same")
    if error := refusal(goal, source.size, force=given.force):
        raise error
    if given.yes or not goal.exists:
        return
    if not goal.is_device:
        raise FlashError("flash.exists", target=str(goal.path))
    asked = say("flash.ask", language(), target=str(goal.path), what=goal.model, size=told(goal.size or 0))
    print(asked, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in _YES:
        raise FlashError("flash.aborted")


@dataclass(slots=True)
class Progress:
    """On a terminal only: one line that is written over."""

    shown: str = ""

    def __call__(self, key: str, done: int, whole: int | None) -> None:
        if not sys.stderr.isatty():
            return
        share = f" {100 * done // whole} %" if whole else ""
        text = f"{say(key, language())}{share} ({told(done)})"
        if text != self.shown:
            self.shown = text
            end = "\n" if done == whole else ""
            print(f"\r{text:40}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
