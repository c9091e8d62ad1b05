"""Faults at random, and the one promise: what was said is what happened."""

import random
import threading

import pytest

from fakes.modem_jobs import send_job
from otpbroker.modem.contract import Blame
from otpbroker.modem.status import ModemState
from otpbroker.sms import segment, submit

STORM = ["RING", '+CMTI: "SM",99', "^RSSI:18", "+CREG: 1", "OKE", "ERROR-FREE", "NO CARRIER"]
FAULTS = [
    {"cms_error": {"code": 500, "times": 1}},
    {"cms_error": {"code": "congestion", "times": 1}},
    {"busy": 1},
    {"no_prompt": 1},
    {"lost_cmgs": 1},
    {"late_cmgs": 1},
    {"silent_after_text": 1},
    {"unplug_at_text": 1},
    {"prompt_latency_s": 0.6},
    {"latency_s": 0.05, "chunk_octets": 3},
    {"urc_storm": STORM, "garbage": "\xff\x00~"},
    {"echo": False},
]


def job(number):
    part = segment.segments(f"kode {number:06}")[0]
    return send_job(submit.encode(part, "6281234567666", validity_s=300, status_report=False))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_was_said_is_what_happened(simulator, owner, box, seed):
    control = simulator(late_s=1.2)
    one = owner()
    chance = random.Random(seed)
    jobs = [job(number) for number in range(60)]
    for number, each in enumerate(jobs):
        if number % 4 == 0:
            control.set(0, prompt_latency_s=0.0, latency_s=0.0, chunk_octets=0, urc_storm=[], garbage="")
            control.set(0, **chance.choice(FAULTS))
        box.jobs.append(each)
        one.wake()
        for _ in range(100):
            if each.done.wait(0.3):
                break
            if one.status.state is ModemState.ABSENT:
                control.replug(0)
    threading.Event().wait(1.5)
    reached = {each.pdu: each.tp_mr for each in control.submitted()}
    assert len(reached) == len(control.submitted())  # no text twice
    for each in jobs:
        assert each.outcome is not None
        pdu = each.pdu.hex
        if isinstance(each.outcome, int):
            assert reached[pdu] == each.outcome  # its own reference, not another's
        elif each.outcome.blame is not Blame.UNKNOWN:
            assert pdu not in reached
