"""Quirk tables, one module per maker."""

from otpbroker.modem.drivers import generic, huawei, quectel, simcom, zte
from otpbroker.modem.drivers.quirks import Quirks

_KNOWN = (huawei.QUIRKS, simcom.QUIRKS, quectel.QUIRKS, zte.QUIRKS)


def quirks_of(manufacturer: str) -> Quirks:
    """The table for what AT+CGMI said; the generic one for a maker nobody knows."""
    said = manufacturer.lower()
    return next((quirks for quirks in _KNOWN if any(maker in said for maker in quirks.makers)), generic.QUIRKS)
