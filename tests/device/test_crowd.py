"""Others are served beside a crowd of slow and idle connections, and the crowd costs little."""

import json
from pathlib import Path

import pytest

from emulated.peers import Neighbour

pytestmark = [pytest.mark.device, pytest.mark.timeout(900)]

TIMES_ALONE, MOST_KIB = 5, 20_000_000 // 1024


def test_a_crowd_holds_up_nobody(device, figure):
    device.run("otpb admin add budi name=Budi", stdin=b"eleven gray herons\n")
    device.run("cat >/run/crowd.py", stdin=(Path(__file__).parent / "crowd.py").read_bytes())
    peer = Neighbour(device)
    told = json.loads(peer.run(f"python3 -I /run/crowd.py {peer.device_address()} 8889", timeout_s=600))
    alone, slow, idle = (told[name]["p99_ms"] for name in ("alone", "beside_slow", "beside_idle"))
    cost = told["idle_cost_kib"]
    figure(f"a request's p99: alone {alone:.0f} ms, 1,000 slow {slow:.0f}, 10,000 idle {idle:.0f} (+{cost} KiB)")
    assert slow <= TIMES_ALONE * alone
    assert idle <= TIMES_ALONE * alone
    assert cost < MOST_KIB
    assert device.failed() == ""
