import math

import pytest

from otpbroker.firstboot import made


def test_a_passphrase_has_80_bits_and_wpa_takes_it():
    one = made.passphrase().reveal()
    letters = one.replace("-", "")
    assert 8 <= len(one) <= 63
    assert len(letters) * math.log2(len(made._LETTERS)) >= 80
    assert set(letters) <= set(made._LETTERS)
    assert not set(made._LETTERS + made._CODE) & set("ilo01IO")


def test_every_letter_comes_up():
    assert set("".join(made.passphrase().reveal() for _ in range(200))) == set(made._LETTERS) | {"-"}
    assert set("".join(made.setup_code().reveal() for _ in range(400))) == set(made._CODE) | {"-"}


def test_no_two_are_alike():
    assert len({made.passphrase().reveal() for _ in range(2000)}) == 2000
    assert len({made.setup_code().reveal() for _ in range(2000)}) == 2000
    assert len({made.ssid() for _ in range(1000)}) > 990


def test_what_is_made_is_one():
    code = made.setup_code().reveal()
    assert made.is_code(code)
    assert len(code.replace("-", "")) * math.log2(len(made._CODE)) >= 59


@pytest.mark.parametrize("other", ["", "ABCD-EFGH", "abcd-efgh-jkmn", "ABCD-EFGH-JKMN\n", "ABCD-EFGH-JKM0"])
def test_what_is_none(other):
    assert not made.is_code(other)
