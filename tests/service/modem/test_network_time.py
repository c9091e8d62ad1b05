"""The clock of a simulated modem, by its owner."""

import time

import pytest

from fakes.modem_jobs import DriverJob


def told(owner):
    job = DriverJob(lambda driver: driver.network_time())
    owner.post(job)
    return job.wait()


@pytest.mark.parametrize("vendor", ["generic", "huawei", "simcom"])
def test_what_the_network_told_the_modem(simulator, owner, vendor):
    simulator(vendor=vendor)
    assert abs(told(owner()) - time.time()) < 5


def test_a_modem_that_nobody_told(simulator, owner):
    simulator(clock="80/01/06,00:00:12+00")
    assert told(owner()) == 3471724812  # 2080: for others to judge


def test_one_that_writes_something_else(simulator, owner):
    simulator(clock="yesterday")
    assert told(owner()) is None
