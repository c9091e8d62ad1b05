"""SIMCom modules (SIM800, SIM900, SIM7600)."""

from otpbroker.modem.drivers.quirks import Quirks

QUIRKS = Quirks(
    name="simcom",
    makers=("simcom", "sim800", "sim900", "sim7"),
    iccid=("AT+CCID", "AT+CICCID"),
    pin_tries=(("AT+SPIC", "+SPIC:", 0), ("AT+CPINR", "+CPINR:", 1)),
)
