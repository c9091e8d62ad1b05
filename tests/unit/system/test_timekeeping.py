import os

from otpbroker.system import timekeeping


def test_what_files_tell(tmp_path):
    nothing = timekeeping.read(tmp_path)
    assert (nothing.last, nothing.rtc, nothing.rtc_s) == (None, "", None)
    rtc = tmp_path / "sys/class/rtc/rtc0"
    rtc.mkdir(parents=True)
    (rtc / "name").write_text("rtc-ds1307 1-0068\n")
    (rtc / "since_epoch").write_text("1800000000\n")
    flag = tmp_path / "run/systemd/timesync/synchronized"
    flag.parent.mkdir(parents=True)
    flag.touch()
    os.utime(flag, (1_800_000_100, 1_800_000_100))
    told = timekeeping.read(tmp_path)
    assert (told.last, told.rtc, told.rtc_s) == (1_800_000_100, "rtc-ds1307", 1_800_000_000)


def test_an_rtc_that_lost_its_time_tells_none(tmp_path):
    rtc = tmp_path / "sys/class/rtc/rtc0"
    rtc.mkdir(parents=True)
    (rtc / "name").write_text("rtc-ds1307\n")
    (rtc / "since_epoch").write_text("")
    assert timekeeping.read(tmp_path).rtc_s is None
