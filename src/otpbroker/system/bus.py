"""What we ask of the operating system by D-Bus, as otpb-apply on the device (org.freedesktop.timedate1, hostname1,
login1). dbus-python is loaded with the first call.
"""

from typing import Any, Final

from otpbroker.errors import BrokerError, ResponseCode

_TIMEOUT_S: Final = 10.0


def set_clock(unix_s: float) -> None:
    """Set clock and RTC. Raises `BrokerError`, also where NTP keeps the time."""
    _call("timedate1", "SetTime", "xbb", int(unix_s * 1_000_000), False, False)


def set_time_zone(name: str) -> None:
    """An IANA name, such as `Asia/Jakarta`. Raises `BrokerError`."""
    _call("timedate1", "SetTimezone", "sb", name, False)


def set_pretty_host_name(name: str) -> None:
    """What the machine is called where people read it. Raises `BrokerError`."""
    _call("hostname1", "SetPrettyHostname", "sb", name, False)


def reboot() -> None:
    """Ask for a restart of the machine; services are stopped first. Raises `BrokerError`."""
    _call("login1", "Reboot", "b", False)


def _call(name: str, method: str, signature: str, *arguments: Any) -> None:
    import dbus  # noqa: PLC0415 - on the device only, and seldom

    service, path = f"org.freedesktop.{name}", f"/org/freedesktop/{name}"
    interface = f"{service}.Manager" if name == "login1" else service
    try:
        dbus.SystemBus().call_blocking(service, path, interface, method, signature, arguments, timeout=_TIMEOUT_S)
    except dbus.DBusException as error:
        reason = error.get_dbus_message() or error.get_dbus_name() or ""
        raise BrokerError(ResponseCode.FAILED, "system.refused", what=method, reason=reason[:200]) from None
