import os
import signal
import socket
import subprocess
import sys

import pytest

SERVICE = """
import sys, threading
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system import service

class Running:
    def __init__(self):
        self.reloads = 0
    def reload(self):
        self.reloads += 1
        if self.reloads == 2:
            threading.Thread(target=lambda: 1 / 0).start() if "die" in sys.argv else None
            raise BrokerError(ResponseCode.FAILED, "code.1102")
    def stop(self):
        print("drained", flush=True)

sys.exit(service.run("toy", Running))
"""


@pytest.fixture
def toy(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        processes = []

        def start(*argv):
            environment = os.environ | {"NOTIFY_SOCKET": str(tmp_path / "notify"), "PYTHONPATH": "src"}
            process = subprocess.Popen(
                [sys.executable, "-c", SERVICE, *argv],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            processes.append(process)
            assert b"READY=1" in manager.recv(4096)
            return process, manager

        yield start
        for process in processes:
            process.kill()
            process.communicate()


def test_reloads_refuses_and_drains(toy):
    process, manager = toy()
    words = []
    for _ in range(2):
        process.send_signal(signal.SIGHUP)
        words += [manager.recv(4096).decode(), manager.recv(4096).decode()]
    assert [word.split("\n")[0] for word in words] == ["RELOADING=1", "ERRNO=0", "RELOADING=1", "ERRNO=22"]
    process.send_signal(signal.SIGTERM)
    assert manager.recv(4096) == b"STOPPING=1"
    assert process.communicate(timeout=10)[0] == "drained\n"
    assert process.returncode == 0


def test_a_dead_thread_ends_the_service(toy):
    process, manager = toy("die")
    process.send_signal(signal.SIGHUP)
    manager.recv(4096), manager.recv(4096)  # two signals at once would be one
    process.send_signal(signal.SIGHUP)
    process.wait(timeout=10)
    assert process.returncode == 70
