"""The relative validity period of a submitted message (3GPP TS 23.040 §9.2.3.12.1)."""

from bisect import bisect_right
from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
LONG_OCTETS: Final = 7  # of the absolute and the enhanced format (§9.2.3.12.2, §9.2.3.12.3)

# The period of each TP-VP octet in seconds, from 5 minutes to 63 weeks.
_PERIODS: Final = (
    *((octet + 1) * 5 * MINUTE for octet in range(144)),
    *(12 * HOUR + (octet - 143) * 30 * MINUTE for octet in range(144, 168)),
    *((octet - 166) * DAY for octet in range(168, 197)),
    *((octet - 192) * WEEK for octet in range(197, 256)),
)


def encode(validity_s: float) -> int:
    """TP-VP for the longest representable period within `validity_s`; below 5 minutes the shortest there is."""
    return bisect_right(_PERIODS, validity_s) - 1 if validity_s >= _PERIODS[0] else 0


def decode(tp_vp: int) -> int:
    """The period of a TP-VP octet in seconds."""
    return _PERIODS[tp_vp]
