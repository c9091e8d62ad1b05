"""What both commands are told of a device, checked as the device itself will check it."""

import argparse
import ipaddress
import sys
from pathlib import Path
from typing import Final

from image.flashing.sheet import Device
from image.flashing.words import FlashError, language
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.firstboot import card
from otpbroker.firstboot.card import Card
from otpbroker.firstboot.places import COUNTRIES, country_codes
from otpbroker.secrets import Secret
from otpbroker.texts import translate
from otpbroker.usbreset.text import DEFAULT

_COUNTRIES: Final = Path("/", COUNTRIES)
OUT: Final = Path("otp-broker-brochure.pdf")
ADDRESS: Final = WlanSection().address


def add(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--ssid", default="", required=required, help="name of its Wi-Fi, up to 32 octets")
    parser.add_argument(
        "--passphrase", default="", required=required, help="of its Wi-Fi, 8 to 63 characters; - reads a line of input"
    )
    parser.add_argument("--reset-text", default="", help=f"what a reset stick must carry (default: {DEFAULT})")


def address(given: str) -> str:
    """An option's type: an IPv4 address."""
    return str(ipaddress.IPv4Address(given))


def secret(given: str) -> Secret:
    """What was given, or a line of standard input where that is `-`."""
    return Secret(sys.stdin.readline().rstrip("\r\n") if given == "-" else given)


def checked(given: Card) -> Card:
    """As the device will take it. Raises `FlashError` with all that it would not."""
    found = card.read(card.write(given), country_codes(_COUNTRIES))
    if found.problems:
        sentences = [
            f"--{each.path.replace('_', '-')}: {translate(each.key, each.params, language())}"
            for each in found.problems
        ]
        raise FlashError("flash.bad_value", problems="; ".join(sentences))
    return found.card


def device(given: Card, address: str = ADDRESS) -> Device:
    return Device(
        ssid=given.ssid,
        passphrase=given.passphrase,
        address=address,
        port=PanelSection().port,
        reset_text=given.reset_text or Secret(DEFAULT),
    )


def keep(path: Path, content: bytes) -> None:
    """The brochure holds a secret. Raises `FlashError`."""
    try:
        path.touch(0o600)
        path.write_bytes(content)
    except OSError as error:
        raise FlashError("flash.refused", target=str(path), reason=error.strerror or "") from None
