"""The modems page: one entry per modem (SPEC §4, the customer's table)."""

from typing import Annotated, Literal

from msgspec import Meta, field

from otpbroker.config.sections._base import Section, text
from otpbroker.secrets import Secret

ModemId = Annotated[str, text(r"^[a-z0-9][a-z0-9_-]{0,31}$", "modem_id")]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Digits = Annotated[str, text(r"^[0-9]{0,20}$", "digits", canonical="digits")]
Msisdn = Annotated[str, text(r"^([0-9]{8,15})?$", "msisdn", canonical="prefix")]
Smsc = Annotated[str, text(r"^(\+?[0-9]{3,20})?$", "smsc", canonical="digits")]
Prefix = Annotated[str, text(r"^[0-9]{1,15}$", "prefix", canonical="prefix")]
Tariff = Annotated[
    str, text(r"^([0-9]{1,15}|\*):[0-9]{1,9}(\.[0-9]{1,4})?(@[1-9][0-9]{0,8})?$", "tariff", canonical="tariff")
]
AtArgument = Annotated[str, text(r"^[\x20-\x7e]*$", "at_argument", max_length=100)]
DialCommand = Annotated[str, text(r"^([Aa][Tt][\x20-\x7e]*)?$", "dial_command", max_length=100)]
Apn = Annotated[str, text(r"^([A-Za-z0-9][A-Za-z0-9._-]*)?$", "apn", max_length=100)]  # 3GPP TS 23.003 §9.1


class ModemSettings(Section, frozen=True, kw_only=True):
    """One modem; known by its IMEI, found last at `port`.

    `recipient_prefix` and `tariffs` are kept as typed lists: `("62871", "62872")` and `("62871:50", "*:350")`.
    """

    id: ModemId
    name: Name
    port: Annotated[str, Meta(max_length=1000)] = ""
    smsc: Smsc = ""
    imei: Digits = ""
    msisdn: Msisdn = ""
    imsi: Digits = ""
    recipient_prefix: tuple[Prefix, ...] = ()
    sim_pin: Secret = field(default_factory=Secret)
    baud_rate: Literal[9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600] = 115200
    parity: Literal["N", "E", "O", "M", "S"] = "N"
    start_bits: Literal[1] = 1
    stop_bits: Literal[1, 2] = 1
    internet_access: bool = False
    apn: Apn = ""
    apn_username: AtArgument = ""
    apn_password: Secret = field(default_factory=Secret)
    dial_number: Annotated[str, text(r"^[0-9*#+]*$", "dial_number", max_length=40)] = "*99#"
    init_dial_1: DialCommand = ""
    init_dial_2: DialCommand = ""
    init_dial_3: DialCommand = ""
    init_dial_4: DialCommand = ""
    init_dial_5: DialCommand = ""
    dial_command: DialCommand = "ATDT"
    sms_api: bool = True
    default_modem: bool = False
    active: bool = True
    tariffs: tuple[Tariff, ...] = ()
    quota_day: Annotated[int, Meta(ge=0)] = 0
    quota_month: Annotated[int, Meta(ge=0)] = 0


class ModemsSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    modems: tuple[ModemSettings, ...] = ()
