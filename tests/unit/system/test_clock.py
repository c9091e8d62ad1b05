import time

from otpbroker.system import clock


def test_the_time_is_told_only_while_it_can_be_believed():
    told = clock.unix_time_if_synchronised()
    assert told is None or abs(told - time.time()) < 1
    assert (told is not None) is clock.is_synchronised()
