"""The time that the network told the modem (NITZ, 3GPP TS 22.042), read from the modem's clock."""

import datetime as dt
import re
from typing import Final

from otpbroker.modem.asking import Asker

FOLLOW: Final = "AT+CTZU=1"  # set your clock by the network (3GPP TS 27.007 §8.40)
_ASK: Final = "AT+CCLK?"
_PREFIX: Final = "+CCLK:"
_SHAPE: Final = re.compile(r'"?(\d\d)/(\d\d)/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d\d)"?')
_QUARTER_S: Final = 900
_MOST_QUARTERS: Final = 56


def read(asker: Asker) -> float | None:
    """Unix seconds; None where the modem does not tell. Whether the network has told it anything is not known here."""
    return parse(asker.first(_ASK, _PREFIX))


def parse(text: str) -> float | None:
    """`"yy/MM/dd,hh:mm:ss±zz"`: local time, and what it is ahead of UTC in quarters of an hour (27.007 §8.15). Without
    the zone nobody knows what time that is.
    """
    found = _SHAPE.fullmatch(text.strip())
    if not found or abs(ahead := int(found[7])) > _MOST_QUARTERS:
        return None
    year, month, day, hour, minute, second = (int(found[at]) for at in range(1, 7))
    try:
        local = dt.datetime(2000 + year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None
    return local.timestamp() - ahead * _QUARTER_S
