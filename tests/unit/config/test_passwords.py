from otpbroker.config import passwords
from otpbroker.secrets import Secret


def test_only_the_right_password_verifies():
    stored = passwords.hash_password(Secret("correct horse"))
    assert passwords.is_hash(stored)
    assert passwords.verify(Secret("correct horse"), stored)
    assert not passwords.verify(Secret("correct horsf"), stored)
    assert not passwords.verify(Secret(""), passwords.hash_password(Secret("")))


def test_what_is_no_hash_is_never_right():
    for stored in ("", "correct horse", "scrypt$2$8$1$00$00"):
        assert not passwords.is_hash(Secret(stored))
        assert not passwords.verify(Secret(stored), Secret(stored))


def test_generated_passwords_differ_and_are_long_enough():
    made = {passwords.generate().reveal() for _ in range(100)}
    assert len(made) == 100
    assert all(len(password) >= passwords.MIN_API_PASSWORD for password in made)
