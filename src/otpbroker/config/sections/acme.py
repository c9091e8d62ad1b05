"""Certificates of an authority, fetched and renewed by the device itself (ACME, RFC 8555)."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from otpbroker.config.sections._base import Section, text
from otpbroker.config.sections.ddns import Contact
from otpbroker.envelope.url import HTTPS_URL

LETS_ENCRYPT: Final = "https://acme-v02.api.letsencrypt.org/directory"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"


class AcmeSection(Section, frozen=True, kw_only=True):
    """While `active` a certificate for `names` (a name may begin with `*.`) is kept in the key store as `name`; HTTPS
    shows it from its first day on. `directory` is the authority's; `terms_agreed`: its terms of service are. The names
    are proved in the DNS, through the Cloudflare account. `ca_certificate` (PEM) is trusted beside the system's
    authorities, for a directory of one's own.
    """

    version: Literal[1] = 1
    active: bool = False
    names: tuple[Annotated[str, text(rf"^(\*\.)?{_LABEL}(\.{_LABEL})+$", "host_name", max_length=253)], ...] = ()
    contact: Contact = ""
    terms_agreed: bool = False
    name: Annotated[str, Meta(min_length=1, max_length=64)] = "ACME"
    directory: Annotated[str, text(f"^{HTTPS_URL}$", "https_url", max_length=500)] = LETS_ENCRYPT
    ca_certificate: Annotated[str, Meta(max_length=1000)] = ""
