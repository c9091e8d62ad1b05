"""A modem that keeps to 3GPP TS 27.005 and 27.007."""

from otpbroker.modem.drivers.quirks import Quirks

QUIRKS = Quirks(name="generic")
