"""Charts of what was measured lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from otpbroker.panel import formats
from otpbroker.panel.charts import Chart, Series
from otpbroker.panel.desk import Desk
from otpbroker.panel.live.history import History, Point, Span, thinned
from otpbroker.panel.visit import Visit
from otpbroker.panel.words import Words

MOST_POINTS: Final = 180  # as many as a screen shows and a page may weigh
_HOUR: Final = 12  # points of a day's series
_TIME: Final = "server.time"


@dataclass(frozen=True, slots=True)
class Curves:
    """Makes charts of one `span` for one reader."""

    history: History
    span: Span
    words: Words
    zone: str

    @classmethod
    def of(cls, desk: Desk, span: Span, visit: Visit) -> "Curves":
        return cls(desk.live.history, span, visit.words, desk.settings.general.time_zone)

    def chart(self, title: str, unit: str, *names: str) -> Chart | None:
        """Of the series of these names; None where there is nothing to draw."""
        return self._drawn(title, unit, [(f"server.{name}", self.history.series(name, self.span)) for name in names])

    @classmethod
    def signal_of(cls, desk: Desk, modem_id: str, visit: Visit) -> Chart | None:
        """A modem's signal of the last day, or of the last hour where not more is known."""
        known = len(desk.live.history.signal(modem_id, "day"))
        return cls.of(desk, "day" if known > _HOUR else "hour", visit).signal(modem_id)

    def signal(self, modem_id: str) -> Chart | None:
        return self._drawn("modems.signal", "dBm", [("modems.signal", self.history.signal(modem_id, self.span))])

    def _drawn(self, title: str, unit: str, told: Sequence[tuple[str, Sequence[Point]]]) -> Chart | None:
        lines = [(self.words.say(label), thinned(points, MOST_POINTS)) for label, points in told if points]
        if not lines:
            return None
        moments = [point.at for point in max((points for _, points in lines), key=len)]
        series = [Series(label, _values(points, len(moments))) for label, points in lines]
        labels = [self._written(at) for at in moments]
        name = "chart-" + title.rpartition(".")[2]
        return Chart(name, self.words.say(title), self.words.say(_TIME), labels, series, unit, x=moments)

    def _written(self, at: float) -> str:
        if self.span == "week":
            return formats.moment(at, self.zone, self.words.language)
        return formats.time_of_day(at, self.zone, self.words.language, seconds=self.span == "hour")


def _values(points: Sequence[Point], count: int) -> list[float | None]:
    """A series that began later has gaps before."""
    values = [None if point.value is None else round(point.value, 1) for point in points]
    return [None] * (count - len(values)) + values
