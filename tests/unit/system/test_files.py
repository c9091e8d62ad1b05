import errno
import resource
import signal

import pytest

from otpbroker.system.files import Paths, locked, write_atomic


def test_paths_follow_the_root_prefix(tmp_path):
    paths = Paths(tmp_path)
    assert paths.settings == tmp_path / "etc/otpbroker"
    assert paths.state == tmp_path / "var/lib/otpbroker"
    assert paths.socket("dispatch") == tmp_path / "run/otpb-dispatch/sock"


def test_replaces_the_whole_file_with_the_mode_asked_for(tmp_path):
    target = tmp_path / "sms.yaml"
    target.write_text("old and longer")
    write_atomic(target, b"new", 0o640)
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["sms.yaml"]


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path):
    target = tmp_path / "sms.yaml"
    target.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError) as failure:
            write_atomic(target, bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert failure.value.errno == errno.EFBIG
    assert target.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["sms.yaml"]


def test_a_held_lock_refuses_the_second_at_once(tmp_path):
    with locked(tmp_path / "lock", wait=False), pytest.raises(BlockingIOError), locked(tmp_path / "lock", wait=False):
        pytest.fail("two holders")
    with locked(tmp_path / "lock", wait=False):
        pass
