import ctypes
import os
import platform
import struct
import time

import pytest

from otpbroker.system import clock

ADJUSTING = {"x86_64": (159, 305), "aarch64": (171, 266)}  # numbers of adjtimex and clock_adjtime


def test_the_time_is_told_only_while_it_can_be_believed():
    told = clock.unix_time_if_synchronised()
    assert told is None or abs(told - time.time()) < 1
    assert (told is not None) is clock.is_synchronised()


def forbid(numbers):
    """As `ProtectClock=` does: these system calls fail with EPERM (seccomp(2))."""
    allow, refuse = (0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050001)
    program = [(0x20, 0, 0, 0), *((0x15, len(numbers) - at, 0, number) for at, number in enumerate(numbers)), allow]
    code = b"".join(struct.pack("<HBBI", *each) for each in [*program, refuse])
    libc = ctypes.CDLL(None)
    octets = ctypes.create_string_buffer(code)
    filters = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(octets)))
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, filters, 0, 0) == 0


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.skipif(platform.machine() not in ADJUSTING, reason="other numbers")
def test_where_the_kernel_may_not_be_asked_timesyncds_flag_counts(tmp_path):
    flag = tmp_path / "synchronized"
    child = os.fork()
    if child == 0:
        forbid(ADJUSTING[platform.machine()])
        without = clock.is_synchronised(flag)
        flag.touch()
        os._exit(without << 1 | clock.is_synchronised(flag))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def test_a_day_ends_at_midnight_of_the_device():
    noon_utc = 1_795_435_200.0  # 2026-11-23 12:00 UTC
    assert clock.day_of(noon_utc, "Asia/Jakarta") == "2026-11-23"
    assert clock.day_left_s(noon_utc, "Asia/Jakarta") == 5 * 3600
    assert clock.day_left_s(noon_utc + 5 * 3600, "Asia/Jakarta") == 24 * 3600
    assert clock.day_left_s(noon_utc, "No/Where") == 12 * 3600
