"""pppd's options for a modem's connection (pppd(8), 2.4.9 and later): all but the port and what is run."""

from typing import Final

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.network.dial import conversation
from otpbroker.network.names import MOBILE_METRIC, number

_ALWAYS: Final = (
    "nodetach",
    # syslog is enough.
    "nolog",
    "lock",
    "modem",
    "crtscts",
    # An operator proves nothing to its customers.
    "noauth",
    "hide-password",
    "noipdefault",
    "ipcp-accept-local",
    "ipcp-accept-remote",
    "usepeerdns",
    # A context of type IP has no other; and what is not there needs no filter.
    "noipv6",
    # Modems compress nothing, and some stop at the question.
    "noccp",
    "novj",
    # A carrier that is lost without a word is noticed within a minute.
    "lcp-echo-interval 15",
    "lcp-echo-failure 3",
    "defaultroute",
)


def render(modem: ModemSettings, place: int) -> str:
    """`place` counts the modems: an earlier one's way is preferred, and Ethernet's before all."""
    said = conversation(modem)
    lines = [
        str(number(modem.baud_rate, 300, 4_000_000, "modems.baud_rate")),
        *_ALWAYS,
        f"defaultroute-metric {MOBILE_METRIC + number(place, 0, 999, 'modems')}",
        f"user {_quoted(said.username)}",
        f"password {_quoted(said.password.reveal())}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
