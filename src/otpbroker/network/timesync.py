"""Where the time comes from: systemd-timesyncd's configuration (timesyncd.conf(5))."""

import re
from typing import Final

from otpbroker.config.sections.general import GeneralSection
from otpbroker.network.names import Unrenderable, number

LEAST_S: Final = 64
MOST_S: Final = 86_400
_FIRST_S: Final = 32  # between the first questions, until the clock is known to be good
_SERVER: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")


def render(general: GeneralSection) -> str:
    """A file of timesyncd.conf.d: this server, asked so often; those that a network names are asked beside it."""
    if not _SERVER.fullmatch(general.ntp_server):
        raise Unrenderable("general.ntp_server")
    most = number(general.ntp_interval, LEAST_S, MOST_S, "general.ntp_interval")
    return f"[Time]\nNTP={general.ntp_server}\nPollIntervalMinSec={_FIRST_S}\nPollIntervalMaxSec={most}\n"
