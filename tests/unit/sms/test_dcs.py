import pytest

from otpbroker.sms import dcs
from otpbroker.sms.dcs import Alphabet, Dcs


@pytest.mark.parametrize(
    ("tp_dcs", "meaning"),
    [
        (0x00, Dcs(Alphabet.GSM7)),
        (0x04, Dcs(Alphabet.DATA8)),
        (0x08, Dcs(Alphabet.UCS2)),
        (0x0C, Dcs(Alphabet.GSM7)),  # reserved alphabet
        (0x10, Dcs(Alphabet.GSM7, 0)),
        (0x18, Dcs(Alphabet.UCS2, 0)),
        (0x03, Dcs(Alphabet.GSM7)),  # class bits without a meaning
        (0x24, Dcs(Alphabet.DATA8, compressed=True)),
        (0x48, Dcs(Alphabet.UCS2)),  # automatic deletion
        (0x80, Dcs(Alphabet.GSM7)),  # reserved group
        (0xC8, Dcs(Alphabet.GSM7, waiting=True)),
        (0xD0, Dcs(Alphabet.GSM7, waiting=True)),
        (0xE8, Dcs(Alphabet.UCS2, waiting=True)),
        (0xF0, Dcs(Alphabet.GSM7, 0)),
        (0xF1, Dcs(Alphabet.GSM7, 1)),
        (0xF6, Dcs(Alphabet.DATA8, 2)),
    ],
)
def test_coding_groups(tp_dcs, meaning):
    assert dcs.decode(tp_dcs) == meaning


def test_every_octet_has_a_meaning():
    assert {dcs.decode(octet).alphabet for octet in range(256)} == set(Alphabet)
