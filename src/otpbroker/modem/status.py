"""What a modem says of itself: its state, identity and radio, as one immutable snapshot."""

from enum import StrEnum

from msgspec import Struct


class ModemState(StrEnum):
    """Where a modem stands; only `READY` can send."""

    INACTIVE = "inactive"  # switched off in the settings
    ABSENT = "absent"  # no such port now: unplugged
    STARTING = "starting"
    PIN_REQUIRED = "pin_required"
    PIN_REFUSED = "pin_refused"  # wrong PIN was refused once; never tried again by itself
    PUK_REQUIRED = "puk_required"
    NO_SIM = "no_sim"
    SEARCHING = "searching"
    DENIED = "denied"  # registration denied by the network
    READY = "ready"
    INTERNET = "internet"  # its one port is for the internet: nothing can be sent by it
    RECOVERING = "recovering"  # on the recovery ladder
    DISABLED = "disabled"  # the ladder is at its end; needs a hand
    WRONG_MODEM = "wrong_modem"  # the port holds another IMEI than the settings say
    NOT_A_MODEM = "not_a_modem"  # HiLink stick, no AT answer, port held by another program


class Identity(Struct, frozen=True, kw_only=True):
    manufacturer: str = ""
    model: str = ""
    revision: str = ""
    imei: str = ""
    imsi: str = ""
    iccid: str = ""
    msisdn: str = ""
    smsc: str = ""


class ModemStatus(Struct, frozen=True, kw_only=True):
    """A snapshot, replaced as a whole. `reason` is a text key with `params` where the state needs words.

    `connected`: the port is open and the modem answers. `signal_dbm` from AT+CSQ (3GPP TS 27.007 §8.5), None unknown.
    """

    state: ModemState = ModemState.ABSENT
    reason: str = ""
    params: dict[str, str | int] = {}
    port: str = ""
    connected: bool = False
    registered: bool = False
    operator: str = ""
    signal_dbm: int | None = None
    identity: Identity = Identity()
