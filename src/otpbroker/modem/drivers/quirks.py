"""What makes one maker's modems different, as data."""

from msgspec import Struct


class Quirks(Struct, frozen=True, kw_only=True):
    """`makers` are words of AT+CGMI (lower case). Commands are tried in order; one that is refused is skipped.

    `pin_tries`: query and prefix whose answer counts the PIN tries left in field `pin_tries_field`.
    `list_by_index`: CMGL hangs, so every slot is read by CMGR, from slot `first_slot` on.
    `ussd_packed`: USSD codes go out, and answers come, as packed GSM-7 in hex digits.
    """

    name: str
    makers: tuple[str, ...] = ()
    init: tuple[str, ...] = ()
    iccid: tuple[str, ...] = ("AT+CCID", "AT+ICCID")
    pin_tries: tuple[tuple[str, str, int], ...] = (("AT+CPINR", "+CPINR:", 1),)
    cnmi: tuple[str, ...] = ("AT+CNMI=2,1,0,1,0", "AT+CNMI=1,1,0,1,0", "AT+CNMI=2,1,0,2,0", "AT+CNMI=2,1")
    restart: tuple[str, ...] = ("AT+CFUN=1,1",)
    list_by_index: bool = False
    first_slot: int = 1
    ussd_packed: bool = False
