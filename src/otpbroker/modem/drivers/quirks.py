"""What makes one maker's modems different, as data."""

from msgspec import Struct

ICCID = ("AT+CCID", "AT+ICCID", "AT^ICCID?", "AT+QCCID", "AT+CICCID", "AT+ZGETICCID")
PIN_TRIES = (
    ("AT+CPINR", "+CPINR:", 1),
    ("AT^CPIN?", "^CPIN:", 3),
    ("AT+SPIC", "+SPIC:", 0),
    ('AT+QPINC="SC"', "+QPINC:", 1),
    ("AT+ZPINPUK=?", "+ZPINPUK:", 0),
)


class Quirks(Struct, frozen=True, kw_only=True):
    """`makers` are words of AT+CGMI (lower case). Of several commands the first that is not refused counts.

    `init`: the maker's own settings; a modem that refuses one only bears the name and gets the generic table.

    `pin_tries`: query and prefix whose answer counts the PIN tries left in field `pin_tries_field`.
    `list_by_index`: CMGL hangs, so every place is read by CMGR.
    `ussd_packed`: USSD codes go out, and answers come, as packed GSM-7 in hex digits.
    """

    name: str
    makers: tuple[str, ...] = ()
    init: tuple[str, ...] = ()
    iccid: tuple[str, ...] = ICCID
    pin_tries: tuple[tuple[str, str, int], ...] = PIN_TRIES
    cnmi: tuple[str, ...] = ("AT+CNMI=2,1,0,1,0", "AT+CNMI=1,1,0,1,0", "AT+CNMI=2,1,0,2,0", "AT+CNMI=2,1")
    restart: tuple[str, ...] = ("AT+CFUN=1,1",)
    list_by_index: bool = False
    ussd_packed: bool = False
