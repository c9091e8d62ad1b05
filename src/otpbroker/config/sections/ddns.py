"""The DDNS pages: records that follow this device's public address, and the accounts at the vendors (SPEC §8, §10)."""

from typing import Annotated, Literal

from msgspec import Meta, field

from otpbroker.config.sections._base import Section, text
from otpbroker.config.sections.feeders import Credential
from otpbroker.envelope.url import HTTPS_URL
from otpbroker.secrets import Secret

Provider = Literal["cloudflare", "noip", "dynu", "afraid"]
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
Zone = Annotated[str, text(rf"^({_LABEL}(\.{_LABEL})+)?$", "zone", max_length=253)]
RecordName = Annotated[str, text(rf"^(@|(\*\.)?{_LABEL}(\.{_LABEL})*)$", "record_name", max_length=253)]
Endpoint = Annotated[str, text(f"^({HTTPS_URL})?$", "https_url", max_length=500)]
Source = Annotated[str, text(f"^{HTTPS_URL}$", "https_url", max_length=500)]
Contact = Annotated[str, text(r"^[^\x00-\x20\x7f@]{1,64}@[^\x00-\x20\x7f@]{1,253}$|^$", "email")]


class DdnsRecord(Section, frozen=True, kw_only=True):
    """One address record at a vendor. `record_name` stands below `zone`, or is a whole name; `@` is the zone itself.
    `ttl` 1 is the vendor's own choice. `interval` is how often the public address is looked at. With
    `force_create_zone` a zone that the account does not have is made there.
    """

    name: Annotated[str, text(r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$", "ddns_name")]
    provider: Provider = "cloudflare"
    zone: Zone = ""
    record_name: RecordName
    type: Literal["A", "AAAA"] = "A"
    ttl: Annotated[int, Meta(ge=1, le=86_400)] = 1
    proxied: bool = False
    interval: Annotated[int, Meta(ge=60, le=86_400)] = 300
    force_create_zone: bool = False
    active: bool = True


class DdnsSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    ddns: tuple[DdnsRecord, ...] = ()


class PublicAddressSection(Section, frozen=True, kw_only=True):
    """Where the public address is learnt: `web` asks the first of the sources that answers, over the family in
    question; `interface` takes that of the interface (empty: of any). Sources answer with an address, or with a line
    `ip=` and an address.
    """

    version: Literal[1] = 1
    source: Literal["web", "interface"] = "web"
    web_ipv4: tuple[Source, ...] = ("https://api.ipify.org", "https://ipv4.icanhazip.com", "https://v4.ident.me")
    web_ipv6: tuple[Source, ...] = ("https://api6.ipify.org", "https://ipv6.icanhazip.com", "https://v6.ident.me")
    interface: Annotated[str, text(r"^[A-Za-z0-9._-]{0,15}$", "interface", max_length=15)] = ""


class CloudflareSection(Section, frozen=True, kw_only=True):
    """API v4: by `token`, else by `email` and `api_key` (the older form). `account_id` owns zones that are made."""

    version: Literal[1] = 1
    endpoint: Endpoint = ""
    account_id: Annotated[str, text(r"^([0-9a-f]{32})?$", "account_id")] = ""
    email: Contact = ""
    api_key: Secret = field(default_factory=Secret)
    token: Secret = field(default_factory=Secret)
    active: bool = True


class _Account(Section, frozen=True, kw_only=True):
    """`company` and `email` tell the vendor whose device calls."""

    version: Literal[1] = 1
    endpoint: Endpoint = ""
    username: Credential = ""
    password: Secret = field(default_factory=Secret)
    company: Annotated[str, text(r"^[^\x00-\x1f\x7f]{0,64}$", "credential", max_length=64)] = ""
    email: Contact = ""


class NoIpSection(_Account, frozen=True, kw_only=True):
    """A DDNS key's user name and password, or the account's own."""

    active: bool = True


class DynuSection(_Account, frozen=True, kw_only=True):
    """`api_version` 1 is the IP update protocol with user name and password, 2 the API with `api_key`."""

    api_version: Literal[1, 2] = 1
    api_key: Secret = field(default_factory=Secret)
    active: bool = True


class AfraidSection(_Account, frozen=True, kw_only=True):
    """FreeDNS. Without a user name `password` is the token of a dynamic update URL (version 2)."""

    active: bool = True


VendorSection = CloudflareSection | NoIpSection | DynuSection | AfraidSection
