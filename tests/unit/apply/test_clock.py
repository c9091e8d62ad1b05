import pytest

from otpbroker.apply.transaction import Settings
from otpbroker.errors import BrokerError
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import SetClock


class Manager:
    def reload(self, services):
        return []


def test_the_clock_is_set_by_whoever_may(tmp_path):
    heard = []
    Settings(Paths(tmp_path), Manager(), heard.append).call(SetClock(unix_s=1_800_000_000))
    assert heard == [1_800_000_000]


def test_a_computer_that_is_not_ours_keeps_its_clock(tmp_path):
    with pytest.raises(BrokerError) as refused:
        Settings(Paths(tmp_path), Manager()).call(SetClock(unix_s=1_800_000_000))
    assert refused.value.key == "clock.own"
