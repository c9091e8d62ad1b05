import os
import random
import signal
import time

import pytest

from otpbroker.system.files import write_atomic

OLD = b"old " * 60_000
NEW = b"new " * 90_000


def naive(path, content):
    with path.open("wb") as stream:
        stream.write(content)


def survives(writer, path, kills):
    """Whether `path` is all old or all new after each kill of a process that keeps rewriting it."""
    path.write_bytes(OLD)
    chance = random.Random(1)
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            while True:
                writer(path, NEW)
                writer(path, OLD)
        time.sleep(chance.uniform(0.002, 0.01))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if path.read_bytes() not in (OLD, NEW):
            return False
    return True


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_killed_writer_leaves_the_file_all_old_or_all_new(tmp_path):
    assert survives(write_atomic, tmp_path / "sms.yaml", 60)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_the_check_catches_a_writer_in_place(tmp_path):
    assert not survives(naive, tmp_path / "sms.yaml", 300)
