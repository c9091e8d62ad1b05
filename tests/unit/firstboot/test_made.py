import math

import pytest

from otpbroker.firstboot import made
from otpbroker.secrets import Secret


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


@pytest.mark.parametrize("typed", ["K7QM-3XWP-H9TD", "k7qm3xwph9td", " k7qm 3xwp h9td ", "K7QM–3XWP–H9TD"])
def test_a_code_is_right_however_it_is_typed(typed):
    assert made.same_code(Secret(typed), Secret("K7QM-3XWP-H9TD"))


@pytest.mark.parametrize("typed", ["", "-", "K7QM-3XWP-H9TE", "K7QM-3XWP-H9TDD", "\uff4b"])
def test_another_is_wrong(typed):
    assert not made.same_code(Secret(typed), Secret("K7QM-3XWP-H9TD"))
    assert not made.same_code(Secret(typed), Secret())
