"""What one SMS costs our own code in processor time, with sixteen modems of no latency in one process.

Not counted is the kernel's part (six system calls each): on a busy machine it says more of the neighbours than of us.
"""

import os
import pty
import subprocess
import sys
import threading
import tty
from pathlib import Path

import pytest

from fakes.modem_jobs import Box
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.owner import ModemOwner
from otpbroker.modem.status import ModemState
from otpbroker.sms.submit import SubmitPdu

MODEMS, EACH = 16, 400
BUDGET_S = 80e-6
PDU = SubmitPdu("0011000B916407281553F80000AA" + "A0" + "41E19058341E9149E592D9743EBAE8329BFD06" * 7, 147)
RESPONDER = Path(__file__).parents[2] / "fakes" / "responder.py"


class SubmitJob:
    def run(self, driver):
        driver.submit(PDU, int)


class Rounds(Box):
    """Gives each modem `EACH` jobs once it is told to `go`."""

    def __init__(self):
        super().__init__()
        self.left = {}
        self.ended = threading.Semaphore(0)
        self.job = SubmitJob()

    def go(self, owners):
        self.left = {one.modem_id: EACH for one in owners}
        for one in owners:
            one.wake()

    def take(self, modem_id):
        left = self.left.get(modem_id, -1)
        self.left[modem_id] = left - 1
        if left == 0:
            self.ended.release()
        return self.job if left > 0 else None


@pytest.fixture
def ports():
    pairs = [pty.openpty() for _ in range(MODEMS)]
    for _, slave in pairs:
        tty.setraw(slave)
    masters = [master for master, _ in pairs]
    responder = subprocess.Popen([sys.executable, RESPONDER, *map(str, masters)], pass_fds=masters)
    yield [os.ttyname(slave) for _, slave in pairs]
    responder.kill()
    responder.wait()
    for pair in pairs:
        for fd in pair:
            os.close(fd)


@pytest.mark.slow
def test_an_sms_costs_little(ports):
    box = Rounds()
    owners = [ModemOwner(ModemSettings(id=f"m{n}", name="m", port=port), box, box) for n, port in enumerate(ports)]
    for one in owners:
        one.start()
    box.wait(lambda: all(one.status.state is ModemState.READY for one in owners))
    before_s = os.times().user
    box.go(owners)
    for _ in owners:
        assert box.ended.acquire(timeout=30)
    each_s = (os.times().user - before_s) / (MODEMS * EACH)
    for one in owners:
        one.stop()
    assert all(one.join(10) for one in owners)
    assert each_s < BUDGET_S
