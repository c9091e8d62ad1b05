"""The supervisor's end: who stops when, with processes that tell it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SUPERVISOR = """
import sys
from pathlib import Path
from otpbroker.services.supervisor.loop import Supervisor
from otpbroker.services.supervisor.unit import Unit, Wave
from otpbroker.system.files import Paths

root, service = Path(sys.argv[1]), sys.argv[2]
waves = {"ground": Wave.GROUND, "heart": Wave.WORKERS, "ear": Wave.LISTENERS, "door1": Wave.DOORS, "door2": Wave.DOORS}
units = [Unit(name, [sys.executable, "-c", service, name, str(root)], wave) for name, wave in waves.items()]
sys.exit(Supervisor(Paths(root), units, lambda: print("ready", flush=True) is None).run())
"""
SERVICE = """
import json, sys, time
from pathlib import Path
from otpbroker.system import service

class Running:
    def reload(self): ...
    def stop(self):
        began = time.monotonic()
        time.sleep(0.4 if "door" in sys.argv[1] else 0.05)
        (Path(sys.argv[2]) / sys.argv[1]).write_text(json.dumps([began, time.monotonic()]))

sys.exit(service.run(sys.argv[1], Running))
"""


@pytest.fixture
def supervisor(tmp_path):
    argv = [sys.executable, "-c", SUPERVISOR, str(tmp_path), SERVICE]
    environment = os.environ | {"PYTHONPATH": "src"}
    with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as made:
        assert made.stdout.readline() == "ready\n"
        yield made
        made.kill()


def test_doors_stop_together_then_what_they_call(supervisor, tmp_path):
    began = time.monotonic()
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(10) == 0
    assert time.monotonic() - began < 3
    spans = {path.name: json.loads(path.read_text()) for path in Path(tmp_path).iterdir() if path.is_file()}
    assert spans["door1"][0] < spans["door2"][1]
    assert spans["door2"][0] < spans["door1"][1]
    for earlier, later in (("door1", "heart"), ("door2", "heart"), ("heart", "ear"), ("ear", "ground")):
        assert spans[earlier][1] <= spans[later][0], (earlier, later)
