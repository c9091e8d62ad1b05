"""What the network edge is made of: nginx's part of the settings, and the ports that follow from them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.network.names import PORTAL_PORT, SETUP_PORT

# Below `run`: the certificate with its chain, and its key; on the device a link to the file that holds them.
PEM: Final = Path("otpbroker/edge.pem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`certificate`: there is one, in the file `PEM`; nothing speaks HTTPS without. `deadline_s` is the longest that a
    sender waits. `http2_directive`: this nginx has the directive `http2` (1.25.1 or newer). `run` is the folder of
    the services' sockets.
    """

    panel: PanelSection = field(default_factory=PanelSection)
    api: ApiSection = field(default_factory=ApiSection)
    wlan: WlanSection = field(default_factory=WlanSection)
    deadline_s: float = 60
    certificate: bool = False
    administrator: bool = True
    taken_over: bool = False
    ipv6: bool = True
    http2_directive: bool = True
    run: Path = Path("/run")
    setup_port: int = SETUP_PORT
    portal_port: int = PORTAL_PORT


def digest_of(pem: str) -> str:
    """Tells certificate and key from others, and nothing of the key."""
    return hashlib.sha256(pem.encode()).hexdigest()[:16]


def ports(facts: Facts) -> dict[str, int]:
    """The TCP ports that are listened on, by what is served there. Where two would have the same, the first has it:
    settings that say so are refused elsewhere, and must not cost the device its panel.
    """
    wanted = {"panel": facts.panel.port, "setup": facts.setup_port}
    if facts.api.http_enabled:
        wanted["http"] = facts.api.http_port
    if facts.api.https_enabled and facts.certificate:
        wanted["https"] = facts.api.https_port
    if facts.taken_over:
        wanted["portal"] = facts.portal_port
    served: dict[str, int] = {}
    for name, port in wanted.items():
        if port not in served.values():
            served[name] = port
    return served
