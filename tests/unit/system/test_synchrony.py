import ctypes
import os
import platform
import struct
import time

import pytest

from otpbroker.system import synchrony

ADJUSTING = {"x86_64": (159, 305), "aarch64": (171, 266)}  # numbers of adjtimex and clock_adjtime


def test_the_time_is_told_only_while_it_can_be_believed():
    told = synchrony.unix_time_if_synchronised()
    assert told is None or abs(told - time.time()) < 1
    assert (told is not None) is synchrony.is_synchronised()


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
        without = synchrony.is_synchronised(flag)
        flag.touch()
        os._exit(without << 1 | synchrony.is_synchronised(flag))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
