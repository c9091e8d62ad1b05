from otpbroker.panel.clock import written


def test_a_moment_is_written_in_the_devices_time_zone():
    assert written(1_700_000_000.9, "Asia/Jakarta") == "2023-11-15 05:13:20"


def test_a_zone_that_this_machine_does_not_know_is_told():
    assert written(1_700_000_000, "Nowhere/At_All") == "2023-11-14 22:13:20 UTC"
