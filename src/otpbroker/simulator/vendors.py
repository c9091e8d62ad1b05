"""How the makers' modems differ on the line: names, boot lines, and where they show ICCID and PIN tries."""

from collections.abc import Mapping
from typing import NamedTuple

from otpbroker.simulator.knobs import Vendor


class VendorProfile(NamedTuple):
    manufacturer: str
    model: str
    revision: str
    iccid_command: str
    tries_command: str
    boot_lines: tuple[str, ...] = ()


PROFILES: Mapping[Vendor, VendorProfile] = {
    "generic": VendorProfile("Generic", "GSM-1", "1.00", "+CCID", "+CPINR"),
    "huawei": VendorProfile("huawei", "E173", "11.126.15.00.458", "^ICCID", "^CPIN", ("^SYSSTART",)),
    "simcom": VendorProfile("SIMCOM INCORPORATED", "SIMCOM_SIM7600E", "LE11B08", "+CICCID", "+SPIC", ("RDY",)),
    "quectel": VendorProfile("Quectel", "EC25", "EC25EFAR06A06M4G", "+QCCID", "+QPINC", ("RDY", "+CFUN: 1")),
    "zte": VendorProfile("ZTE INCORPORATED", "MF190", "BD_MF190V1.0.0B01", "+ZGETICCID", "+CPINR", ("+ZUSIMR:2",)),
}
