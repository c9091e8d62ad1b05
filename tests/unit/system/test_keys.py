import re

from otpbroker.secrets import MessageText
from otpbroker.system.keys import Keys, device_key


def test_the_device_key_is_made_once(tmp_path):
    path = tmp_path / "device.key"
    key = device_key(path)
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert device_key(path) == key
    assert device_key(tmp_path / "other.key") != key


def test_a_cut_off_device_key_is_replaced(tmp_path):
    path = tmp_path / "device.key"
    path.write_bytes(b"short")
    assert len(device_key(path)) == 32
    assert len(path.read_bytes()) == 32


def test_a_disk_that_takes_no_key_stops_no_sms(tmp_path):
    path = tmp_path / "missing" / "device.key"
    assert len(device_key(path)) == 32


def test_names_of_numbers_and_senders_outlive_the_process():
    one, two, other = Keys(b"a" * 32), Keys(b"a" * 32), Keys(b"b" * 32)
    assert one.number("6281234567890") == two.number("6281234567890") != other.number("6281234567890")
    assert -(2**63) <= one.number("6281234567890") < 2**63
    assert one.sender(b"pin", "a", "b") == two.sender(b"pin", "a", "b") != other.sender(b"pin", "a", "b")
    assert one.sender(b"pin", "ab", "") != one.sender(b"pin", "a", "b") != one.sender(b"sender", "a", "b")


def test_the_fingerprint_of_a_content_dies_with_the_process():
    """A six-digit code falls out of any digest that outlives it."""
    one, two = Keys(b"a" * 32), Keys(b"a" * 32)
    text = MessageText("Kode 123456")
    assert one.content("6281234567890", text) == one.content("6281234567890", text)
    assert one.content("6281234567890", text) != two.content("6281234567890", text)
    assert one.content("6281234567890", text) != one.content("6281234567891", text)
    assert one.content("6281234567890", MessageText("\ud83d")) != one.content("6281234567890", text)


def test_message_ids_are_new_each_time():
    ids = {Keys(b"a" * 32).message_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[0-9a-f]{24}", each) for each in ids)
