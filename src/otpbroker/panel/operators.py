"""Indonesia's mobile operators: how a SIM tells its own, and the prefixes that each numbers its subscribers with.

The networks are ITU-T E.212 codes (MCC 510). AXIS and XL are one company and one network code; only the name tells them
apart. Nobody can take a number along to another operator there, so a prefix tells the operator for sure.
"""

from typing import Final, NamedTuple

_NETWORK_DIGITS: Final = 5


class Operator(NamedTuple):
    """`prefixes` as people type them."""

    name: str
    prefixes: tuple[str, ...]


TELKOMSEL: Final = Operator("Telkomsel", ("0811", "0812", "0813", "0821", "0822", "0823", "0851", "0852", "0853"))
INDOSAT: Final = Operator("Indosat", ("0814", "0815", "0816", "0855", "0856", "0857", "0858"))
XL: Final = Operator("XL", ("0817", "0818", "0819", "0859", "0877", "0878"))
AXIS: Final = Operator("AXIS", ("0831", "0832", "0833", "0838"))
THREE: Final = Operator("Three", ("0895", "0896", "0897", "0898", "0899"))
SMARTFREN: Final = Operator("Smartfren", ("0881", "0882", "0883", "0884", "0885", "0886", "0887", "0888", "0889"))
OPERATORS: Final = (TELKOMSEL, INDOSAT, XL, AXIS, THREE, SMARTFREN)
_BY_NETWORK: Final[dict[str, Operator]] = {
    "51001": INDOSAT,
    "51008": AXIS,
    "51009": SMARTFREN,
    "51010": TELKOMSEL,
    "51011": XL,
    "51021": INDOSAT,
    "51028": SMARTFREN,
    "51089": THREE,
}
_BY_WORD: Final[tuple[tuple[str, Operator], ...]] = (
    ("telkomsel", TELKOMSEL),
    ("simpati", TELKOMSEL),
    ("t-sel", TELKOMSEL),
    ("tsel", TELKOMSEL),
    ("byu", TELKOMSEL),
    ("by.u", TELKOMSEL),
    ("axis", AXIS),
    ("smartfren", SMARTFREN),
    ("smart", SMARTFREN),
    ("fren", SMARTFREN),
    ("three", THREE),
    ("3 ", THREE),
    ("tri", THREE),
    ("hutchison", THREE),
    ("indosat", INDOSAT),
    ("im3", INDOSAT),
    ("isat", INDOSAT),
    ("xl", XL),
    ("excelcom", XL),
)


def operator_of(imsi: str, network: str, own_number: str = "") -> Operator | None:
    """Whose SIM it is: by its own number, else its IMSI, else the name or code of the `network` it is on; None where
    nothing tells.
    """
    if own_number.startswith("62"):
        local = "0" + own_number[2:5]
        for operator in OPERATORS:
            if local in operator.prefixes:
                return operator
    name = network.strip().casefold()
    of_imsi = _BY_NETWORK.get(imsi[:5])
    if of_imsi is XL and "axis" in name:
        return AXIS
    if of_imsi is not None or imsi:
        return of_imsi
    if name.isdigit() and len(name) >= _NETWORK_DIGITS:
        return _BY_NETWORK.get(name[:5])
    return next((operator for word, operator in _BY_WORD if f"{name} ".startswith(word)), None)
