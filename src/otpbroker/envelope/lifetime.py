"""How long a message may still be sent (SPEC §5.2)."""

from otpbroker.envelope.commands import Timing
from otpbroker.errors import BrokerError, ResponseCode


def lifetime_s(timing: Timing, now: float | None) -> float | None:
    """Seconds that the message may live from its arrival; None: the sender named none, the setting counts.

    `expiration` less `date_time` is a lifetime by itself, whatever our clock says. `expiration` alone is compared with
    `now`, the Unix time, which is None while our clock is not synchronised: then the setting counts.
    Raises `BrokerError` 1203 where that time is over already.
    """
    if timing.expiration is None:
        return None
    begin = now if timing.date_time is None else timing.date_time
    if begin is None:
        return None
    left = timing.expiration - begin
    if left <= 0:
        raise BrokerError(ResponseCode.EXPIRED, "envelope.expired", seconds=int(-left))
    return left
