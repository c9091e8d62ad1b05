"""The pictures of the report."""

from collections.abc import Iterator
from typing import Final, Literal

from otpbroker.panel import formats
from otpbroker.panel.charts import Chart, Series
from otpbroker.panel.words import Words
from otpbroker.verbs.report import ReportTold

# Stacked in this order, the good at the bottom; each outcome has its colour and pattern on every day and page.
STACK: Final[tuple[tuple[str, Literal["", "good", "warn", "bad", "off"]], ...]] = (
    ("submitted", ""),
    ("delivered", "good"),
    ("failed", "bad"),
    ("unknown", "warn"),
    ("expired", "off"),
    ("sending", ""),
    ("queued", ""),
)


def charts(told: ReportTold, words: Words, currency: str) -> Iterator[Chart]:
    """None of a single day, which a table tells as well."""
    if len(told.days) < 2 or not told.total.count:
        return
    labels = [formats.day(each.key, words.language, year=False) for each in told.days]
    day = words.say("report.day")
    counts = [
        Series(words.say(f"monitor.state.{state}"), [each.states.get(state, 0) for each in told.days], tone)
        for state, tone in STACK
        if state in told.total.states
    ]
    yield Chart("counts", words.say("report.counts_chart"), day, labels, counts, kind="bars")
    if told.speed is not None:
        speeds = [told.speeds.get(each.key) for each in told.days]
        of_percent = {50: "p50_ms", 95: "p95_ms", 99: "p99_ms"}
        lines = [
            Series(
                words.say("report.percent_within", percent=percent),
                [None if each is None else getattr(each, name) / 1000 for each in speeds],
            )
            for percent, name in of_percent.items()
        ]
        yield Chart("speeds", words.say("report.speeds_chart"), day, labels, lines, words.say("report.seconds"))
    if told.total.cost:
        costs = Series(words.say("report.cost"), [float(each.cost or 0) for each in told.days])
        yield Chart("costs", words.say("report.costs_chart"), day, labels, [costs], currency, "bars")
