import struct

from bench.bare_amqp import Tally


def test_what_a_consumer_noted_counts_from_the_last_clearing_on(tmp_path):
    tally = Tally(tmp_path / "tally")
    with (tmp_path / "tally").open("ab", buffering=0) as file:
        file.write(struct.pack("d", 1.5))
        assert tally.accepted() == 1
        tally.clear()
        assert tally.accepted() == 0
        file.write(struct.pack("dd", 2.5, 3.5))
    assert tally.accepted() == 2
    assert [each.at_s for each in tally.submitted()] == [2.5, 3.5]
