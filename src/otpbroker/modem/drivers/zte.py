"""ZTE sticks (MF180, MF190, MF667)."""

from otpbroker.modem.drivers.quirks import Quirks

QUIRKS = Quirks(
    name="zte",
    makers=("zte",),
    init=("AT+ZOPRT=5",),  # online mode: some wake up with the radio off
    iccid=("AT+ZGETICCID", "AT+CCID"),
    pin_tries=(("AT+ZPINPUK=?", "+ZPINPUK:", 0),),
    restart=("AT+CFUN=1,1", "AT+ZRST"),
)
