"""The single measurements; each takes a started contender."""

import collections
import itertools
import os
import statistics
import time
from dataclasses import dataclass

from bench.contender import Arrivals, Contender
from bench.ours import SUCCESS, Ours
from bench.processes import cpu_s, machine_busy_s, program, pss_mib, wait_for
from bench.simulator import rate

WARM_UP_S = 1.5
IDLE_GAP_S = 0.05
OUTAGE_S = 3.0
RECOVERY_LIMIT_S = 90.0


@dataclass
class Throughput:
    """`fraction` is of N/latency; `cpu_us_per_sms` by program.

    Of all cores `machine_busy` is the share in use and `elsewhere` the part of it that no process of this bench used:
    the kernel's own threads, and whatever else runs on the machine and disturbs the measurement.
    """

    sms_s: float
    fraction: float | None
    machine_busy: float
    elsewhere: float
    cpu_us_per_sms: dict[str, float]
    troubles: list[str]


@dataclass
class Latency:
    """Milliseconds from handing a message over until the modem has it; `reply` until the caller knows."""

    samples: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    reply_median_ms: float


@dataclass
class Idle:
    pss_mib: float
    cpu_percent: float
    pss_by_process: dict[str, float]
    cpu_by_process: dict[str, float]


@dataclass
class Growth:
    messages: int
    before_mib: float
    after_mib: float


@dataclass
class Recovery:
    """Seconds; None where nothing came within the limit. `others_gap_s`: the other modem's longest pause meanwhile."""

    replug_s: float | None
    hang_s: float | None
    others_gap_s: float


def throughput(contender: Contender, latency_s: float, window_s: float) -> Throughput:
    arrivals = contender.arrivals
    arrivals.set(latency_s=latency_s)
    with contender.load():
        time.sleep(WARM_UP_S + latency_s)
        arrivals.clear()
        began, before = time.monotonic(), _cpu_by_program(contender)
        busy_before_s = machine_busy_s()
        time.sleep(window_s)
        count, after = arrivals.accepted(), _cpu_by_program(contender)
        lasted_s = time.monotonic() - began
        busy_s = machine_busy_s() - busy_before_s
        submits = arrivals.submitted()
    arrivals.set(latency_s=0.0)
    per_second = rate(submits[:count], lasted_s)
    fraction = per_second * latency_s / contender.simulator.count if latency_s else None
    used = {name: used_s - before.get(name, 0.0) for name, used_s in after.items()}
    shares = {name: used_s * 1e6 / max(1, count) for name, used_s in used.items()}
    capacity_s = lasted_s * (os.cpu_count() or 1)
    elsewhere = max(0.0, busy_s - sum(used.values())) / capacity_s
    return Throughput(per_second, fraction, busy_s / capacity_s, elsewhere, shares, contender.troubles())


def _cpu_by_program(contender: Contender) -> dict[str, float]:
    """Seconds used so far by the contender's programs, its server, the simulator, and the load and the bench."""
    used: dict[str, float] = collections.defaultdict(float)
    for pid in contender.pids():
        used[program(pid)] += cpu_s([pid])
    if servers := contender.server_pids():
        used["server"] = cpu_s(servers)
    used["simulator"] = cpu_s([contender.simulator.process.pid])
    used["load"] = cpu_s([os.getpid(), *contender.load_pids()])
    return used


def latency(contender: Contender, samples: int) -> Latency:
    arrivals = contender.arrivals
    accepted_ms, reply_ms = [], []
    arrivals.clear()
    contender.send_one()
    _wait_for(arrivals, 1)
    for _ in range(samples):
        arrivals.clear()
        time.sleep(IDLE_GAP_S)
        began = time.monotonic()
        contender.send_one()
        reply_ms.append((time.monotonic() - began) * 1e3)
        _wait_for(arrivals, 1)
        accepted_ms.append((arrivals.submitted()[-1].at_s - began) * 1e3)
    ordered = sorted(accepted_ms)
    p95, p99 = (ordered[min(samples - 1, int(samples * part))] for part in (0.95, 0.99))
    return Latency(samples, statistics.median(ordered), p95, p99, statistics.median(reply_ms))


def _wait_for(arrivals: Arrivals, count: int) -> None:
    wait_for(lambda: arrivals.accepted() >= count, 30, f"{count} messages arrive", 0.01)


def idle(contender: Contender, window_s: float) -> Idle:
    pids = contender.pids()
    before, began = {pid: cpu_s([pid]) for pid in pids}, time.monotonic()
    time.sleep(window_s)
    lasted_s = time.monotonic() - began
    pss: dict[str, float] = collections.defaultdict(float)
    percent: dict[str, float] = collections.defaultdict(float)
    for pid in pids:
        percent[program(pid)] += (cpu_s([pid]) - before[pid]) * 100 / lasted_s
        pss[program(pid)] += pss_mib([pid])
    return Idle(sum(pss.values()), sum(percent.values()), dict(pss), dict(percent))


def growth(contender: Contender, messages: int, limit_s: float) -> Growth:
    """PSS before and after; both in quiet, after a first load that fills caches."""
    control = contender.simulator.control
    with contender.load():
        time.sleep(WARM_UP_S)
    time.sleep(1)
    control.clear()
    before = pss_mib(contender.pids())
    deadline = time.monotonic() + limit_s
    with contender.load():
        while control.accepted() < messages and time.monotonic() < deadline:
            time.sleep(0.1)
    time.sleep(1)
    return Growth(control.accepted(), before, pss_mib(contender.pids()))


def recovery(contender: Contender) -> Recovery:
    """Two modems of 50 ms under load: modem 0 is unplugged and plugged in again, then hangs and comes back."""
    control = contender.simulator.control
    control.set(latency_s=0.05)
    with contender.load():
        time.sleep(WARM_UP_S)
        replug_s = None
        if not contender.sockets:  # a socket is not seen to come back: ModemManager learns that from udev
            control.unplug(0)
            time.sleep(OUTAGE_S)
            control.replug(0)
            replug_s = _first_after(contender, time.monotonic())
        control.clear()
        control.set(0, hang="hard")
        time.sleep(OUTAGE_S)
        control.set(0, hang="")
        hang_s = _first_after(contender, time.monotonic())
        others = [submit.at_s for submit in control.submitted(1)]
    control.set(latency_s=0.0)
    gaps = [later - earlier for earlier, later in itertools.pairwise(others)]
    return Recovery(replug_s, hang_s, max(gaps, default=RECOVERY_LIMIT_S))


def exactness(contender: Ours, messages: int) -> str:
    """Every reply is 0000, and the modems have exactly those messages: empty, or what was wrong."""
    control = contender.simulator.control
    contender.simulator.wait_until_quiet()
    control.clear()
    codes = contender.send_all([next(contender.numbers) for _ in range(messages)])
    distinct = len({submit.pdu for submit in control.submitted()})
    refused = [code for code in codes if code != SUCCESS]
    if refused or distinct != messages or control.accepted() != messages:
        return f"{len(refused)} refused, {control.accepted()} at the modems, {distinct} distinct of {messages}"
    return ""


def _first_after(contender: Contender, moment_s: float) -> float | None:
    while time.monotonic() < moment_s + RECOVERY_LIMIT_S:
        times = [submit.at_s for submit in contender.simulator.control.submitted(0) if submit.at_s > moment_s]
        if times:
            return times[0] - moment_s
        time.sleep(0.02)
    return None
