"""The real nginx with our configuration, without rights of its own, before services that speak with it."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from otpbroker.apply.host import DeviceHost
from otpbroker.network import nginx, plan
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths

PROGRAM = shutil.which("nginx") or "/usr/sbin/nginx"
NOBODY = 65534
PEM = Path(__file__).parents[1] / "data/localhost.pem"


def has_http2_directive():
    """Whether this nginx is 1.25.1 or newer."""
    said = subprocess.run([PROGRAM, "-v"], capture_output=True, text=True, check=True, timeout=10).stderr
    return tuple(map(int, said.strip().rpartition("/")[2].split()[0].split("."))) >= (1, 25, 1)


@contextlib.contextmanager
def folder_for_all():
    """A folder that nginx reaches as somebody without rights; the folders of pytest are their owner's."""
    folder = Path(tempfile.mkdtemp(prefix="otpb-edge-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class Nginx:
    """By `facts`, whose `run` is below `root`. It may not write where its temporary files would be.

    Its certificate lies behind a link from the first, as on the device: a handshake that has found a plain file opens
    it by that name for the certificate and again for the key, which may be another's by then.
    """

    def __init__(self, root, facts):
        self.root = root
        self.facts = facts
        self._config = root / "run/otpbroker/nginx.conf"
        self.log = root / "nginx.log"
        edge = root / "run/otpb-edge"
        for made in (edge, self._config.parent):
            made.mkdir(parents=True)
        edge.chmod(0o777)
        self._write()
        self.shows(PEM.read_text())
        rights = {"user": NOBODY, "group": 0, "extra_groups": []} if os.getuid() == 0 else {}
        self._rights = rights
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "-e", "stderr", "-g", "daemon off;", "-c", self._config],
                stderr=log,
                stdin=subprocess.DEVNULL,
                **rights,
            )
        self._pid = edge / "nginx.pid"
        self._until(lambda: self._pid.exists() and self.workers())

    def _write(self):
        self._config.parent.chmod(0o755)
        self._config.write_text(nginx.render(self.facts))
        self._config.parent.chmod(0o555)

    def _until(self, condition):
        deadline = time.monotonic() + 10
        while not condition():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.01)

    def workers(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return set(map(int, children.split()))

    def pids(self):
        return {self.process.pid, *self.workers()}

    def reload(self, facts):
        """Until the new workers have taken over; the old ones may have something to end, but take nothing more."""
        self.facts = facts
        self._write()
        before = self.workers()
        self.process.send_signal(signal.SIGHUP)
        self._until(lambda: self.workers() - before and all(map(_takes_nothing, before)))

    def shows(self, pem):
        """From now on, as otpb-apply has it."""
        host, wanted = DeviceHost(Paths(self.root)), plan.plan(plan.Facts(pem=Secret(pem), api=self.facts.api))
        self._config.parent.chmod(0o755)
        (file, *_), (link,) = wanted.files, wanted.links
        host._put(file)
        (self.root / file.path).chmod(0o644)
        host._lead(link)
        self._config.parent.chmod(0o555)

    def said(self):
        return self.log.read_text()

    def close(self):
        self._config.parent.chmod(0o755)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        finally:
            self.process.kill()
            self.process.wait()


def _takes_nothing(worker):
    try:
        return b"shutting down" in Path(f"/proc/{worker}/cmdline").read_bytes()
    except OSError:
        return True
