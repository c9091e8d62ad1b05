"""What the network edge is made of: nginx's part of the settings, and the ports that follow from them."""

from dataclasses import dataclass, field
from pathlib import Path

from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.network.names import PORTAL_PORT, SETUP_PORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`certificate` and `key` are PEM files, None where there are none: then nothing speaks HTTPS. `deadline_s` is the
    longest that a sender waits. `http2_directive`: this nginx has the directive `http2` (1.25.1 or newer). `run` is the
    folder of the services' sockets.
    """

    panel: PanelSection = field(default_factory=PanelSection)
    api: ApiSection = field(default_factory=ApiSection)
    wlan: WlanSection = field(default_factory=WlanSection)
    deadline_s: float = 60
    certificate: Path | None = None
    key: Path | None = None
    administrator: bool = True
    taken_over: bool = False
    ipv6: bool = True
    http2_directive: bool = False
    run: Path = Path("/run")
    setup_port: int = SETUP_PORT
    portal_port: int = PORTAL_PORT

    @property
    def speaks_https(self) -> bool:
        return self.api.https_enabled and self.certificate is not None and self.key is not None

    @property
    def has_portal(self) -> bool:
        """Whether port 80 leads to the panel: on a device that is ours, where the settings want it for nothing else."""
        return self.taken_over and self.portal_port not in _of_settings(self)


def ports(facts: Facts) -> tuple[int, ...]:
    """The TCP ports that are listened on. Raises `BrokerError` where two parts have the same one."""
    found = [*_of_settings(facts), facts.setup_port]
    twice = next((port for port in found if found.count(port) > 1), None)
    if twice is not None:
        raise BrokerError(ResponseCode.FAILED, "edge.port_twice", port=twice)
    if facts.has_portal:
        found.append(facts.portal_port)
    return tuple(found)


def _of_settings(facts: Facts) -> list[int]:
    found = [facts.panel.port]
    if facts.api.http_enabled:
        found.append(facts.api.http_port)
    if facts.speaks_https:
        found.append(facts.api.https_port)
    return found
