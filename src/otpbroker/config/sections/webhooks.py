"""Who is told of outcomes: webhooks, and the callbacks that a message names itself."""

from typing import Annotated, Literal

from msgspec import field

from otpbroker.config.sections._base import Section, text
from otpbroker.envelope.url import MAX_URL, URL
from otpbroker.secrets import Secret

Url = Annotated[str, text(f"^{URL}$", "url", max_length=MAX_URL)]
Network = Annotated[str, text(r"^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$", "network")]


class Webhook(Section, frozen=True, kw_only=True):
    """Every outcome goes to `url`, signed with `secret` (Standard Webhooks: `whsec_` and Base64 of 24 to 64 octets)."""

    name: Annotated[str, text(r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$", "webhook_name")]
    url: Url
    secret: Secret = field(default_factory=Secret)
    active: bool = True


class WebhooksSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    webhooks: tuple[Webhook, ...] = ()


class CallbacksSection(Section, frozen=True, kw_only=True):
    """Callbacks by the sender's own `callback` address. Without a `secret` they go unsigned. Private addresses are
    called only where `private_networks` lists them, for callbacks and webhooks alike.
    """

    version: Literal[1] = 1
    enabled: bool = True
    secret: Secret = field(default_factory=Secret)
    private_networks: tuple[Network, ...] = ()
