"""The whole system as a user runs it, for tests."""

import base64
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).parents[1]
USER = "shop"
PASSWORD = "a long password"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


class Running:
    """`scripts/run` on a root prefix, from its start to its ready line."""

    PROGRAM: tuple[str | Path, ...] = (PROJECT / "scripts/run",)

    def __init__(self, root: Path, *options: str, log: Path) -> None:
        self.root = root
        self.log = log
        if "--admin-port" not in options:
            options = ("--admin-port", str(free_port()), *options)
        with log.open("w") as stream:
            self.process = subprocess.Popen(
                [*self.PROGRAM, "--root", root, *options], stdout=subprocess.PIPE, stderr=stream, text=True
            )
        try:
            self.ready = self.process.stdout.readline()
            self.example = self.process.stdout.readline()
        except BaseException:  # the test's time is up
            self.kill()
            raise
        self.url = self.ready.strip().rpartition("api=")[2]
        self.panel = self.ready.partition("admin=")[2].partition(" ")[0]

    def post(self, command: str, data: dict, *, port: int | None = None) -> tuple[int, dict]:
        url = self.url if port is None else f"http://127.0.0.1:{port}"
        body = json.dumps({"command": command, "data": data}).encode()
        request = urllib.request.Request(f"{url}/api/sms", body)  # noqa: S310 - always http
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - always http
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, json.load(answer)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        self.process.send_signal(signal.SIGTERM)  # as timeout(1) does: the process, then its group
        try:
            self.process.communicate(timeout=30)
        finally:
            self.kill()
        return self.process.returncode

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def otpb(root: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess:
    environment = os.environ | {"OTPB_LANG": "en"}
    argv = [PROJECT / "scripts/otpb", "--root", root, *arguments]
    return subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=60, check=False, env=environment)


def told(root: Path, *arguments: str, stdin: str = "") -> dict:
    """What a command says as JSON; it must succeed."""
    done = otpb(root, "--json", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
