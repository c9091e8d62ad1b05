import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.dispatch.otp.codes import Hashing, new_code, new_salt

SALT = new_salt()
VALUES = st.lists(st.text(max_size=3), max_size=4)


@pytest.mark.parametrize("length", [4, 6, 12])
def test_codes_have_their_length_and_are_the_same_as_numbers(length):
    codes = [new_code(length) for _ in range(2000)]
    assert {len(code) for code in codes} == {length}
    assert all(str(int(code)) == code for code in codes)


def test_every_code_is_as_likely():
    """Chi squared over the 9,000 of four digits, ten of each expected: five sigma is 9,671."""
    counts = dict.fromkeys(range(1000, 10_000), 0)
    for _ in range(90_000):
        counts[int(new_code(4))] += 1
    assert sum((count - 10) ** 2 / 10 for count in counts.values()) < 9_671


def test_a_hash_is_of_all_that_the_code_is_bound_to():
    hashing = Hashing()
    right = (SALT, "482913", "628126666666", ("100000", "", "", ""))
    assert hashing.slow(*right) == hashing.slow(*right)
    others = [
        (new_salt(), *right[1:]),
        (SALT, "482914", *right[2:]),
        (SALT, "482913", "628126666667", right[3]),
        (*right[:3], ("100001", "", "", "")),
        (*right[:3], ("", "100000", "", "")),
    ]
    assert hashing.slow(*right) not in [hashing.slow(*other) for other in others]
    assert hashing.slow(*right) != Hashing().slow(*right)


@given(VALUES, VALUES)
def test_values_never_run_together(one, other):
    hashing = Hashing()
    assert (hashing.name(b"x", *one) == hashing.name(b"x", *other)) == (one == other)
