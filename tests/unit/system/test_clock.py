from otpbroker.system import clock


def test_a_day_ends_at_midnight_of_the_device():
    noon_utc = 1_795_435_200.0  # 2026-11-23 12:00 UTC
    assert clock.day_of(noon_utc, "Asia/Jakarta") == "2026-11-23"
    assert clock.day_left_s(noon_utc, "Asia/Jakarta") == 5 * 3600
    assert clock.day_left_s(noon_utc + 5 * 3600, "Asia/Jakarta") == 24 * 3600
    assert clock.day_left_s(noon_utc, "No/Where") == 12 * 3600
