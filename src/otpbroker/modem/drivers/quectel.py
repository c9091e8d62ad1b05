"""Quectel modules (M95, UC20, EC25, EG25)."""

from otpbroker.modem.drivers.quirks import Quirks

QUIRKS = Quirks(
    name="quectel",
    makers=("quectel",),
    init=('AT+QURCCFG="urcport","all"',),  # else URCs go to the modem port only
    iccid=("AT+QCCID", "AT+CCID"),
    pin_tries=(('AT+QPINC="SC"', "+QPINC:", 1), ("AT+CPINR", "+CPINR:", 1)),
)
