import pytest

from otpbroker.panel.operators import AXIS, INDOSAT, OPERATORS, SMARTFREN, TELKOMSEL, THREE, XL, operator_of


@pytest.mark.parametrize(
    ("imsi", "network", "own_number", "operator"),
    [
        ("510101234567890", "", "", TELKOMSEL),
        ("510111234567890", "XL Axiata", "", XL),
        ("510111234567890", "AXIS", "", AXIS),
        ("510011234567890", "", "", INDOSAT),
        ("510211234567890", "", "", INDOSAT),
        ("510891234567890", "", "", THREE),
        ("510091234567890", "", "", SMARTFREN),
        ("510281234567890", "", "", SMARTFREN),
        ("510111234567890", "XL", "6283112345678", AXIS),
        ("", "TELKOMSEL", "", TELKOMSEL),
        ("", "IND INDOSAT", "", None),
        ("", "INDOSAT OOREDOO", "", INDOSAT),
        ("", "3", "", THREE),
        ("", "51089", "", THREE),
        ("262011234567890", "Telkomsel", "", None),
        ("", "", "", None),
    ],
)
def test_whose_sim_it_is(imsi, network, own_number, operator):
    assert operator_of(imsi, network, own_number) is operator


def test_no_prefix_has_two_operators():
    every = [prefix for operator in OPERATORS for prefix in operator.prefixes]
    assert len(set(every)) == len(every)
    assert all(len(prefix) == 4 and prefix.startswith("08") for prefix in every)
