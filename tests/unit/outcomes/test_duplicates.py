from otpbroker.outcomes.duplicates import Duplicates


def test_remembers_for_its_window():
    duplicates = Duplicates()
    duplicates.remember(b"k", "m1", b"c", 600)
    duplicates.remember(b"over", "m2", b"c", -1)
    assert duplicates.find(b"k").message_id == "m1"
    assert duplicates.find(b"over") is None
    assert duplicates.find(b"other") is None
    duplicates.remember(b"k", "m3", b"d", 600)
    assert duplicates.find(b"k").content == b"d"


def test_keeps_the_newest_ten_thousand():
    duplicates = Duplicates()
    for number in range(10_001):
        duplicates.remember(b"%d" % number, str(number), b"", 600)
    assert duplicates.find(b"0") is None
    assert duplicates.find(b"1").message_id == "1"
    assert duplicates.find(b"10000").message_id == "10000"
