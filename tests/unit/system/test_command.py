import os
import select
import signal
import subprocess
import sys
import time

import pytest

from otpbroker.system import command

MOTHER = """
import sys, time
from otpbroker.system.command import Child
child = Child([sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"], dict())
time.sleep(60)
"""


def test_runs_an_argument_list_without_a_shell():
    done = command.run(["printf", "%s", "$HOME; `id`"], timeout_s=5)
    assert (done.returncode, done.stdout) == (0, "$HOME; `id`")


def test_a_slow_program_is_killed():
    with pytest.raises(TimeoutError):
        command.run(["sleep", "60"], timeout_s=0.1)


def test_a_killed_parent_leaves_no_child():
    reader, writer = os.pipe()
    mother = subprocess.Popen([sys.executable, "-c", MOTHER], stderr=writer, env=os.environ | {"PYTHONPATH": "src"})
    os.close(writer)
    assert os.read(reader, 10) == b"up\n"
    mother.send_signal(signal.SIGKILL)
    mother.wait()
    started = time.monotonic()
    assert select.select([reader], [], [], 5)[0]
    assert os.read(reader, 10) == b""  # the child held the other end: it is gone
    assert time.monotonic() - started < 2
    os.close(reader)
