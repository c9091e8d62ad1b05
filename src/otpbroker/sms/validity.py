"""The relative validity period of a submitted message (3GPP TS 23.040 §9.2.3.12.1)."""

from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
LONG_OCTETS: Final = 7  # of the absolute and the enhanced format (§9.2.3.12.2, §9.2.3.12.3)

# From this octet on, a step is so long: value = base + octet * step.
_SCALES: Final = ((197, WEEK, -192 * WEEK), (168, DAY, -166 * DAY), (144, HOUR // 2, 12 * HOUR - 143 * HOUR // 2))
_FINE: Final = (0, 5 * MINUTE, 5 * MINUTE)
_LONGEST: Final = 63 * WEEK


def encode(validity_s: float) -> int:
    """TP-VP for the longest representable period within `validity_s`; the shortest there is, 5 minutes, below that."""
    if not validity_s > 5 * MINUTE:
        return 0
    whole = int(min(validity_s, _LONGEST))
    for first, step, base in _SCALES:
        if whole >= base + first * step:
            return (whole - base) // step
    return min((whole - 5 * MINUTE) // (5 * MINUTE), 143)


def decode(tp_vp: int) -> int:
    """The period of a TP-VP octet in seconds."""
    first, step, base = next((scale for scale in _SCALES if tp_vp >= scale[0]), _FINE)
    return base + tp_vp * step if tp_vp >= first else 0
