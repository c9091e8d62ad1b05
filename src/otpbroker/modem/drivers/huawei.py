"""Huawei sticks (E173, E220, E3131, E3372 in stick mode)."""

from otpbroker.modem.drivers.quirks import Quirks

QUIRKS = Quirks(
    name="huawei",
    makers=("huawei",),
    init=("AT^CURC=0",),  # its periodic ^RSSI, ^DSFLOWRPT… are noise
    iccid=("AT^ICCID?", "AT+CCID"),
    pin_tries=(("AT^CPIN?", "^CPIN:", 3),),
    restart=("AT+CFUN=1,1", "AT^RESET"),
    list_by_index=True,
    ussd_packed=True,
)
