"""The vendors by their names in the settings. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from otpbroker.config.sections.ddns import (
    AfraidSection,
    CloudflareSection,
    DdnsRecord,
    DynuSection,
    NoIpSection,
    VendorSection,
)
from otpbroker.ddns import afraid, cloudflare, dynu, noip
from otpbroker.ddns.exchange import Update


class Vendor(Struct, frozen=True):
    """`update` is one update of a record to an address, as `otpbroker.ddns.exchange` has it."""

    kind: type[VendorSection]
    update: Callable[[DdnsRecord, Any, str], Update]


VENDORS: Final[Mapping[str, Vendor]] = {
    "cloudflare": Vendor(CloudflareSection, cloudflare.update),
    "noip": Vendor(NoIpSection, noip.update),
    "dynu": Vendor(DynuSection, dynu.update),
    "afraid": Vendor(AfraidSection, afraid.update),
}


def lacks(account: VendorSection) -> str:
    """Why this account cannot be used, as a text key; empty where it can."""
    if not account.active:
        return "ddns.account_inactive"
    if isinstance(account, CloudflareSection):
        known = bool(account.token) or bool(account.email and account.api_key)
    elif isinstance(account, DynuSection) and account.api_version == 2:
        known = bool(account.api_key)
    else:
        known = bool(account.password) and (bool(account.username) or isinstance(account, AfraidSection))
    return "" if known else "ddns.account_missing"
