"""The feeder pages: doors where this device is the client of a message broker (SPEC §5.3, §5.4)."""

from typing import Annotated, Literal

from msgspec import Meta, field

from otpbroker.config.sections._base import Section, text
from otpbroker.config.sections.api import Port
from otpbroker.secrets import Secret

Host = Annotated[str, text(r"^(::|(::)?[A-Za-z0-9]([A-Za-z0-9.:_-]{0,252}))?$", "host")]
Credential = Annotated[str, text(r"^[^\x00-\x1f\x7f]{0,128}$", "credential", max_length=128)]
Wait = Annotated[float, Meta(gt=0, le=600)]
Refresh = Annotated[float, Meta(ge=0, le=604800)]


class AmqpSection(Section, frozen=True, kw_only=True):
    """RabbitMQ. `ca_certificate` (PEM) is trusted beside the system's authorities. With `fleet`, `queue` is the stem of
    what `otpb fleet declare` made; `private_key` opens sealed bodies and `require_sealed` refuses all others.
    """

    version: Literal[1] = 1
    enabled: bool = False
    tls: bool = False
    host: Host = ""
    port: Port = 5672
    vhost: Annotated[str, text(r"^[^\x00-\x1f\x7f]{1,255}$", "vhost")] = "/"
    username: Credential = ""
    password: Secret = field(default_factory=Secret)
    queue: Annotated[str, text(r"^[^\x00-\x1f\x7f]{1,200}$", "queue")] = "sms"
    timeout_s: Wait = 10
    heartbeat_s: Annotated[int, Meta(ge=0, le=3600)] = 15
    reconnect_delay_s: Wait = 5
    refresh_s: Refresh = 0
    ca_certificate: Annotated[str, Meta(max_length=1000)] = ""
    fleet: bool = False
    private_key: Secret = field(default_factory=Secret)
    require_sealed: bool = False


class WebSocketSection(Section, frozen=True, kw_only=True):
    """WSMessageBroker. `ca_certificate` as for RabbitMQ."""

    version: Literal[1] = 1
    enabled: bool = False
    tls: bool = False
    host: Host = ""
    port: Port = 8888
    path: Annotated[str, text(r"^/[A-Za-z0-9._~/-]{0,200}$", "path")] = "/ws"
    username: Credential = ""
    password: Secret = field(default_factory=Secret)
    channel: Annotated[str, text(r"^[^\x00-\x1f\x7f]{1,200}$", "channel")] = "sms"
    timeout_s: Wait = 10
    reconnect_delay_s: Wait = 5
    refresh_s: Refresh = 0
    ca_certificate: Annotated[str, Meta(max_length=1000)] = ""
