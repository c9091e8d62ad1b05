"""What the renderers of system files share: names of the device's sides, and values that cannot be anything else.

A renderer is a pure function of the settings. The settings' schema has refused most of what could break a line; here
every value is read again as what it is meant to be, so that no file depends on who called.
"""

import ipaddress
import re
from pathlib import Path
from typing import Final

from otpbroker.errors import BrokerError, ResponseCode

FOLDER: Final = Path("run/otpbroker")  # below the root prefix; gone with each boot, so nothing in it is ever stale
DIAL_FOLDER: Final = FOLDER / "dial"  # of each modem that is for the internet
AP_INTERFACE: Final = "wlan0"
WIRED_INTERFACES: Final = ("eth*", "en*")
MOBILE_INTERFACES: Final = ("ppp*",)
SETUP_PORT: Final = 8887  # the panel's port of the access point's side is redirected there
PORTAL_PORT: Final = 80  # phones ask there whether a network leads anywhere
LOCAL_NAME: Final = "otpbroker.local"

AP_MARK: Final = 0x10000  # connections that came in by the access point
AP_TABLE: Final = 8887  # their way back
WIRED_METRIC: Final = 100
MOBILE_METRIC: Final = 1000  # and a few more, for each modem its own
AP_METRIC: Final = 3000  # worse than any other: the device itself looks for nobody at the access point

_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class Unrenderable(BrokerError):
    """A value that no system file can hold; `field` names it. Settings that passed the checks never raise it."""

    def __init__(self, field: str) -> None:
        super().__init__(ResponseCode.FAILED, "network.unrenderable", field=field)


def ipv4(text: str, field: str) -> str:
    """`text` as an IPv4 address in its one canonical form."""
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise Unrenderable(field) from None


def interface(address: str, prefix: int, field: str) -> ipaddress.IPv4Interface:
    """An address with the length of its network."""
    return ipaddress.IPv4Interface(f"{ipv4(address, field)}/{number(prefix, 1, 31, field)}")


def number(value: int, least: int, most: int, field: str) -> int:
    if type(value) is not int or not least <= value <= most:
        raise Unrenderable(field)
    return value


def host_name(text: str, field: str) -> str:
    if not _NAME.fullmatch(text):
        raise Unrenderable(field)
    return text


def netmask(text: str, field: str) -> str:
    """`text` as the mask of a network: ones, then zeros."""
    mask = ipv4(text, field)
    zeros = ~int(ipaddress.IPv4Address(mask)) & 0xFFFFFFFF
    if zeros & (zeros + 1):
        raise Unrenderable(field)
    return mask


def port(value: int, field: str) -> int:
    return number(value, 1, 65535, field)
