"""The results as a table for people and as JSON for programs."""

import dataclasses
import json
import statistics
from collections.abc import Callable, Iterable
from typing import Any

from bench.measures import Growth, Throughput
from bench.plan import Results

ABSENT = "–"
COST_MODEMS = 16


def as_json(results: Results) -> str:
    plain = dataclasses.asdict(results)
    plain["throughput"] = {
        name: [{"modems": modems, "latency_ms": ms, "rounds": rounds} for (modems, ms), rounds in cells.items()]
        for name, cells in plain["throughput"].items()
    }
    return json.dumps(plain, indent=1)


def as_table(results: Results) -> str:
    names = [*results.throughput, *(name for name in results.latency if name not in results.throughput)]
    columns = sorted({key for cells in results.throughput.values() for key in cells}, key=lambda key: (key[1], key[0]))
    rows: list[list[str]] = [["", *names]]
    for modems, latency_ms in columns:
        cells = [results.throughput.get(name, {}).get((modems, latency_ms)) for name in names]
        rows.append([f"SMS/s, {modems} × {latency_ms} ms", *(_shown(cell, lambda t: t.sms_s, ".0f") for cell in cells)])
        if latency_ms:
            rows.append(["  of N/latency", *(_shown(cell, lambda t: t.fraction, ".3f") for cell in cells)])
        rows.append(["  machine busy", *(_shown(cell, lambda t: t.machine_busy, ".0%") for cell in cells)])
        rows.append(["    of it elsewhere", *(_shown(cell, lambda t: t.elsewhere, ".0%") for cell in cells)])
    for label, pick in LATENCY_ROWS:
        rows.append([label, *(_one(results.latency.get(name), pick) for name in names)])
    for label, pick in IDLE_ROWS:
        rows.append([label, *(_one(results.idle.get(name), pick) for name in names)])
    rows.append(["PSS before → after", *(_one(results.growth.get(name), _grown) for name in names)])
    rows.append(["broker back to first SMS, s", *(_spread(results.reconnection_s.get(name)) for name in names)])
    for label, pick in RECOVERY_ROWS:
        rows.append([label, *(_one(results.recovery.get(name), pick) for name in names)])
    return "\n".join([*_aligned(rows), *_notes(results)])


LATENCY_ROWS: list[tuple[str, Callable[..., str]]] = [
    ("idle, to modem: median ms", lambda each: f"{each.median_ms:.1f}"),
    ("  p95 / p99 ms", lambda each: f"{each.p95_ms:.1f} / {each.p99_ms:.1f}"),
    ("  caller knows: median ms", lambda each: f"{each.reply_median_ms:.1f}"),
]
IDLE_ROWS: list[tuple[str, Callable[..., str]]] = [
    ("PSS MiB, 16 modems", lambda each: f"{each.pss_mib:.1f}"),
    ("idle CPU %", lambda each: f"{each.cpu_percent:.2f}"),
]
RECOVERY_ROWS: list[tuple[str, Callable[..., str]]] = [
    ("replug to first SMS, s", lambda each: ABSENT if each.replug_s is None else f"{each.replug_s:.1f}"),
    ("hang over to first SMS, s", lambda each: ABSENT if each.hang_s is None else f"{each.hang_s:.1f}"),
    ("  other modem's pause, s", lambda each: f"{each.others_gap_s:.2f}"),
]


def _shown(rounds: list[Throughput] | None, pick: Callable[[Throughput], Any], form: str) -> str:
    """The median round, and the range where there are several."""
    if not rounds:
        return ABSENT
    values = [pick(each) for each in rounds]
    middle = format(statistics.median(values), form)
    return middle if len(values) == 1 else f"{middle} ({format(min(values), form)}–{format(max(values), form)})"


def _spread(seconds: list[float] | None) -> str:
    """The median and the range."""
    if not seconds:
        return ABSENT
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f}) of {len(seconds)}"


def _one(value: object | None, pick: Callable[..., str]) -> str:
    return ABSENT if value is None else pick(value)


def _grown(each: Growth) -> str:
    return f"{each.before_mib:.1f} → {each.after_mib:.1f} ({each.messages})"


def _aligned(rows: list[list[str]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join([first, *others]).rstrip()


def _notes(results: Results) -> Iterable[str]:
    for name, each in results.idle.items():
        yield f"{name}, PSS MiB: " + ", ".join(f"{program} {mib:.1f}" for program, mib in each.pss_by_process.items())
        yield f"{name}, idle CPU %: " + ", ".join(
            f"{program} {part:.2f}" for program, part in each.cpu_by_process.items()
        )
    median, p99 = results.flush_ms["median"], results.flush_ms["p99"]
    yield f"flush (fdatasync of 4 KiB): median {median:.2f} ms, p99 {p99:.2f} ms"
    yield from _costs(results)
    yield from (f"NOT EXACT: {name}: {wrong}" for name, wrong in results.exactness.items())
    for name, cells in results.throughput.items():
        for (modems, latency_ms), rounds in cells.items():
            for trouble in {trouble for each in rounds for trouble in each.troubles}:
                yield f"{name}, {modems} × {latency_ms} ms: {trouble}"
    yield from (f"FAILED: {failure}" for failure in results.failures)


def _costs(results: Results) -> Iterable[str]:
    """What a message costs, in the round of median throughput."""
    for name, cells in results.throughput.items():
        rounds = cells.get((COST_MODEMS, 0))
        if rounds:
            middle = sorted(rounds, key=lambda each: each.sms_s)[len(rounds) // 2]
            shares = ", ".join(f"{program} {us:.0f}" for program, us in middle.cpu_us_per_sms.items() if us >= 0.5)
            yield f"{name}, CPU µs/SMS at {COST_MODEMS} × 0 ms: {shares}"
