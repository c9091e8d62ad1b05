import json

import pytest
from bench import measures, plan, report
from bench.hotspots import hottest
from bench.simulator import rate
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.simulator.modem import Submitted


def at(modem, moment_s):
    return Submitted(modem, 0, "", "sent", moment_s)


@given(st.integers(1, 64), st.floats(0.01, 0.5), st.integers(10, 60), st.floats(0, 0.5))
def test_a_regular_stream_has_its_own_rate(modems, period_s, count, offset_s):
    seen = [at(modem, offset_s + modem * 0.001 + turn * period_s) for turn in range(count) for modem in range(modems)]
    assert rate(seen, 1.0) == pytest.approx(modems / period_s, rel=1e-3)


def test_a_modem_with_few_messages_is_counted_over_the_window():
    assert rate([at(0, 1.0), at(0, 1.001)], 4.0) == 0.5
    assert rate([], 4.0) == 0


def results():
    one = measures.Throughput(1040.4, None, 0.93, 0.02, {"api": 250.0, "simulator": 28.0}, [])
    slow = measures.Throughput(79.2, 0.99, 0.1, 0.01, {}, ["Socket errors: 1"])
    found = plan.Results(flush_ms={"median": 0.25, "p99": 1.0})
    found.throughput = {"ours": {(16, 0): [one, one], (16, 200): [slow]}, "peer": {(16, 0): [one]}}
    found.latency = {"ours": measures.Latency(200, 2.24, 5.0, 9.0, 2.9)}
    found.reconnection_s = {"ours": [0.81, 1.94, 0.7]}
    found.recovery = {"ours": measures.Recovery(0.5, None, 0.06)}
    found.failures = ["peer: did not start"]
    return found


def test_the_table_says_what_was_measured_and_what_was_not():
    table = report.as_table(results())
    assert "SMS/s, 16 × 0 ms             1040 (1040–1040)    1040\n" in table
    assert "  of N/latency               0.990               –\n" in table
    assert "idle, to modem: median ms    2.2                 –\n" in table
    assert "broker back to first SMS, s  0.8 (0.7–1.9) of 3  –\n" in table
    assert "hang over to first SMS, s    –" in table
    assert "ours, 16 × 200 ms: Socket errors: 1" in table
    assert "ours, CPU µs/SMS at 16 × 0 ms: api 250, simulator 28" in table
    assert table.endswith("FAILED: peer: did not start")


def test_json_holds_every_round():
    plain = json.loads(report.as_json(results()))
    cell = plain["throughput"]["ours"][0]
    assert (cell["modems"], cell["latency_ms"], len(cell["rounds"])) == (16, 0, 2)
    assert plain["latency"]["ours"]["median_ms"] == 2.24


def test_samples_count_for_their_own_function_and_all_callers():
    lines = list(hottest("run (a.py:1);send (b.py:2) 30\nrun (a.py:9) 10\n"))
    assert lines[0].split() == ["75.0%", "send", "(b.py)", "100.0%", "run", "(a.py)"]
