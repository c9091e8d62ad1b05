"""Who may set the clock: the device's own otpb-apply is given a way; everywhere else the machine keeps its time."""

from otpbroker.errors import BrokerError, ResponseCode


def keep(_unix_s: float) -> None:
    """Refuses: this computer is somebody's, and its clock not ours."""
    raise BrokerError(ResponseCode.FAILED, "clock.own")
