"""What operators want for internet access, as the customer's table has it."""

from typing import Final, NamedTuple


class Preset(NamedTuple):
    apn: str
    username: str = ""
    password: str = ""
    dial_number: str = "*99#"


APN: Final[dict[str, Preset]] = {
    "Telkomsel": Preset("internet"),
    "XL": Preset("internet"),
    "Three": Preset("3data", "3data", "3data"),
    "Smartfren": Preset("smart", "smart", "smart", "#777"),
    "Indosat Ooredoo": Preset("indosatgprs"),
    "Axis": Preset("axis", "axis", "123456"),
}
