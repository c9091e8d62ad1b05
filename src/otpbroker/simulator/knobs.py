"""What a simulated modem is and how it misbehaves: every field may change while it runs."""

from typing import Literal

import msgspec

from otpbroker.readable import readable

Vendor = Literal["generic", "huawei", "simcom", "quectel", "zte"]

FOREVER = -1


class CmsFault(msgspec.Struct, forbid_unknown_fields=True):
    """Submits answered by `+CMS ERROR: <code>`: the next `times` ones, only those to `number` when it is given."""

    code: int | str = 500
    times: int = FOREVER
    number: str = ""


class UssdReply(msgspec.Struct, forbid_unknown_fields=True):
    """The network's answer to one USSD step; `status` as in 3GPP TS 27.007 §7.15, 1 keeps the session open."""

    text: str
    status: int = 0
    coding: Literal["gsm7", "ucs2", "packed"] = "gsm7"
    delay_s: float = 0.0


class DialFault(msgspec.Struct, forbid_unknown_fields=True):
    """The next `times` data calls end with `result` (ITU-T V.250 §6.3.1) instead of CONNECT."""

    result: Literal["NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "ERROR"] = "NO CARRIER"
    times: int = FOREVER


def _ussd_menu() -> dict[str, UssdReply]:
    return {
        "*888#": UssdReply("Pulsa Rp 25.000 s/d 31-12-2030"),
        "*123#": UssdReply("1 Pulsa\n2 Kuota", status=1),
        "*123#/1": UssdReply("Pulsa Rp 25.000"),
        "*123#/2": UssdReply("Kuota 1 GB \u2013 sampai besok", coding="ucs2"),
    }


class Knobs(msgspec.Struct, forbid_unknown_fields=True):
    """Faults given as a number hold for the next n occasions (`FOREVER`: until changed). Times in seconds.

    `clock` is what it takes for the time, as +CCLK: writes it; empty: the right one. Where there is an `apn`, only a
    context with that one gets a data call.
    """

    vendor: Vendor = "generic"
    imei: str = ""
    imsi: str = ""
    iccid: str = ""
    msisdn: str = ""
    operator: str = "TELKOMSEL"
    plmn: str = "51010"
    smsc: str = "+6281100000"
    sim_present: bool = True
    pin: str = ""
    pin_tries: int = 3
    puk: str = "12345678"
    puk_tries: int = 10
    registration: int = 1
    signal: int = 21
    echo: bool = True
    apn: str = ""
    clock: str = ""

    latency_s: float = 0.0
    prompt_latency_s: float = 0.0
    command_latency_s: float = 0.0
    restart_s: float = 0.3
    late_s: float = 30.0
    report_delay_s: float = 0.2

    chunk_octets: int = 0
    garbage: str = ""
    urc_storm: list[str] = []
    cms_error: CmsFault | None = None
    dial_s: float = 0.0
    dial_fault: DialFault | None = None
    busy: int = 0
    no_prompt: int = 0
    silent_after_text: int = 0
    lost_cmgs: int = 0
    late_cmgs: int = 0
    unplug_at_text: int = 0
    hang: Literal["", "hard", "until_restart"] = ""
    drop_input_while_busy: bool = False
    delivery_reports: bool = True
    report_status: int = 0
    memory_full: bool = False
    sim_slots: int = 20
    ussd_packed: bool = False
    ussd: dict[str, UssdReply] = msgspec.field(default_factory=_ussd_menu)

    def take(self, fault: str) -> bool:
        """True when the fault is due now; counts it down."""
        left: int = getattr(self, fault)
        if left > 0:
            setattr(self, fault, left - 1)
        return left != 0


STORM = ["RING", '+CMTI: "SM",99', "^RSSI:18", "+CREG: 1", "^BOOT:12345678,0,0,0,6", "OKE", "ERROR-FREE"]


def changed(knobs: Knobs, changes: dict[str, object]) -> Knobs:
    """The knobs with `changes` applied; msgspec.ValidationError names what does not fit."""
    return msgspec.convert(msgspec.to_builtins(knobs) | changes, readable(Knobs))
