"""The e-mail pages: accounts that send, and the local SMTP server (SPEC §6)."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from msgspec import Meta, field

from otpbroker.config.sections._base import Section, text
from otpbroker.config.sections.api import Port
from otpbroker.config.sections.feeders import Credential, Host
from otpbroker.secrets import Secret

Sender = Annotated[str, text(r"^[^\s@<>\x00-\x1f\x7f]{1,64}@[^\s@<>\x00-\x1f\x7f]{1,253}$", "email")]


class EmailAccount(Section, frozen=True, kw_only=True):
    """One account at an SMTP server. With both `tls` (from the first octet) and `starttls`, `tls` wins. `auth` logs in
    as `sender` with `password`. `ca_certificate` (PEM) is trusted beside the system's authorities.
    """

    name: Annotated[str, text(r"^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}$", "account_name")]
    host: Host
    port: Port = 587
    tls: bool = False
    starttls: bool = True
    auth: bool = True
    sender: Sender
    password: Secret = field(default_factory=Secret)
    active: bool = True
    quota_day: Annotated[int, Meta(ge=0)] = 500
    ca_certificate: Annotated[str, Meta(max_length=1000)] = ""


# What providers want, from the customer's document.
PRESETS: Final[Mapping[str, Mapping[str, str]]] = {
    "gmail-587": {"host": "smtp.gmail.com", "port": "587", "tls": "false", "starttls": "true", "auth": "true"},
    "gmail-465": {"host": "smtp.gmail.com", "port": "465", "tls": "true", "starttls": "true", "auth": "true"},
}


class EmailSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    email: tuple[EmailAccount, ...] = ()


class SmtpSection(Section, frozen=True, kw_only=True):
    """The local SMTP server: delivery straight to the recipient's mail exchanger from memory, where `active`; and a
    relay for authenticated clients at `address`, where `relay_username` and `relay_password` are set.
    """

    version: Literal[1] = 1
    software_name: Annotated[str, text(r"^[\x20-\x7e]{1,64}$", "software_name")] = "OTP Broker"
    server_name: Host = ""
    address: Host = ""
    port: Port = 25
    active: bool = False
    relay_username: Credential = ""
    relay_password: Secret = field(default_factory=Secret)
