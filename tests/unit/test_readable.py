import subprocess
import sys
from pathlib import Path

import otpbroker

SOURCES = Path(otpbroker.__file__).parent

# Threads that are the first to read into a type, at once, of many types.
CROWD = """
import sys, threading
import msgspec
from otpbroker.readable import readable

sys.setswitchinterval(1e-6)
fields = [(f"field_{at}", dict[str, int | None], {}) for at in range(40)]
for number in range(60):
    inner = msgspec.defstruct("Inner", fields)
    outer = msgspec.defstruct("Outer", [("one", inner), ("many", list[inner])])
    together = threading.Barrier(6)
    def read():
        together.wait()
        msgspec.json.decode(b'{"one":{"field_1":{"x":1}},"many":[{"field_39":{"y":null}}]}', type=KIND)
    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def ended(kind):
    return subprocess.run([sys.executable, "-c", CROWD.replace("KIND", kind)], check=False).returncode


def test_threads_may_be_the_first_together():
    assert ended("readable(outer)") == 0


def test_else_they_would_end_the_process():
    """What this is for: a msgspec of which this is no longer so may be used without."""
    assert any(ended("outer") for _ in range(10))


def reads(line):
    return "msgspec.convert(" in line or ("msgspec.json.decode(" in line and "type=" in line)


def test_everything_that_is_read_into_is_readable():
    lines = [line for path in SOURCES.rglob("*.py") for line in path.read_text().splitlines() if reads(line)]
    assert len(lines) > 20
    assert [line for line in lines if "readable(" not in line] == []
